//! Four f32 at a time: the few operations that the kernels need, each rounded as IEEE 754 says, with the same result in
//! every lane on every machine. What the machine has is in `lanes`; a machine without vectors does four scalars.

/// Four values.
#[derive(Clone, Copy)]
pub(crate) struct F32x4(lanes::F);

/// Yes or no for each of four values.
#[derive(Clone, Copy)]
pub(crate) struct Mask(lanes::M);

impl F32x4 {
    /// The same value four times.
    #[inline(always)]
    pub(crate) fn splat(value: f32) -> Self {
        Self(lanes::splat(value))
    }

    /// Four values from `from` on, wherever it lies.
    ///
    /// # Safety
    /// Four values can be read there.
    #[inline(always)]
    pub(crate) unsafe fn load(from: *const f32) -> Self {
        // SAFETY: the caller's.
        Self(unsafe { lanes::load(from) })
    }

    /// Writes the four values from `to` on.
    ///
    /// # Safety
    /// Four values can be written there.
    #[inline(always)]
    pub(crate) unsafe fn store(self, to: *mut f32) {
        // SAFETY: the caller's.
        unsafe { lanes::store(self.0, to) }
    }

    /// `self + other`.
    #[inline(always)]
    pub(crate) fn plus(self, other: Self) -> Self {
        Self(lanes::add(self.0, other.0))
    }

    /// `self · other`.
    #[inline(always)]
    pub(crate) fn times(self, other: Self) -> Self {
        Self(lanes::mul(self.0, other.0))
    }

    /// `self ≤ other`; no where one is NaN.
    #[inline(always)]
    pub(crate) fn at_most(self, other: Self) -> Mask {
        Mask(lanes::le(self.0, other.0))
    }

    /// `self > other`; no where one is NaN.
    #[inline(always)]
    pub(crate) fn above(self, other: Self) -> Mask {
        Mask(lanes::lt(other.0, self.0))
    }

    /// Whether it is NaN.
    #[inline(always)]
    pub(crate) fn is_nan(self) -> Mask {
        Mask(lanes::ne(self.0, self.0))
    }

    /// `self` where `mask` says yes, else 0.
    #[inline(always)]
    pub(crate) fn only(self, mask: Mask) -> Self {
        Self(lanes::and(self.0, mask.0))
    }

    /// 0 where `mask` says yes, else `self`.
    #[inline(always)]
    pub(crate) fn but(self, mask: Mask) -> Self {
        Self(lanes::and_not(self.0, mask.0))
    }

    /// `self` where `mask` says yes, else `other`.
    #[inline(always)]
    pub(crate) fn or(self, mask: Mask, other: Self) -> Self {
        Self(lanes::select(mask.0, self.0, other.0))
    }

    /// Every second of the eight values `self`, `next`: those at 0, 2, 4, 6, and those at 1, 3, 5, 7.
    #[inline(always)]
    pub(crate) fn deal(self, next: Self) -> (Self, Self) {
        let (even, odd) = lanes::deal(self.0, next.0);
        (Self(even), Self(odd))
    }

    /// The reverse of [`F32x4::deal`].
    #[inline(always)]
    pub(crate) fn merge(self, odd: Self) -> (Self, Self) {
        let (low, high) = lanes::merge(self.0, odd.0);
        (Self(low), Self(high))
    }

    /// The four values.
    #[inline(always)]
    fn values(self) -> [f32; 4] {
        let mut values = [0.0; 4];
        // SAFETY: there is room for four.
        unsafe { self.store(values.as_mut_ptr()) };
        values
    }

    /// `v₀`.
    #[inline(always)]
    pub(crate) fn first(self) -> f32 {
        self.values()[0]
    }

    /// `(v₀ + v₁) + (v₂ + v₃)`.
    #[inline(always)]
    pub(crate) fn sum(self) -> f32 {
        let v = self.values();
        (v[0] + v[1]) + (v[2] + v[3])
    }
}

impl Mask {
    /// Yes where one of them says yes.
    #[inline(always)]
    pub(crate) fn either(self, other: Self) -> Self {
        Self(lanes::or(self.0, other.0))
    }
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod lanes {
    use core::arch::wasm32::{
        f32x4_add, f32x4_le, f32x4_lt, f32x4_mul, f32x4_ne, f32x4_splat, i32x4_shuffle, v128, v128_and, v128_andnot,
        v128_bitselect, v128_load, v128_or, v128_store,
    };

    pub(super) type F = v128;
    pub(super) type M = v128;

    #[inline(always)]
    pub(super) fn splat(value: f32) -> F {
        f32x4_splat(value)
    }
    #[inline(always)]
    pub(super) unsafe fn load(from: *const f32) -> F {
        // SAFETY: the caller's; a v128 may lie anywhere.
        unsafe { v128_load(from.cast()) }
    }
    #[inline(always)]
    pub(super) unsafe fn store(v: F, to: *mut f32) {
        // SAFETY: the caller's; a v128 may lie anywhere.
        unsafe { v128_store(to.cast(), v) }
    }
    #[inline(always)]
    pub(super) fn add(a: F, b: F) -> F {
        f32x4_add(a, b)
    }
    #[inline(always)]
    pub(super) fn mul(a: F, b: F) -> F {
        f32x4_mul(a, b)
    }
    #[inline(always)]
    pub(super) fn le(a: F, b: F) -> M {
        f32x4_le(a, b)
    }
    #[inline(always)]
    pub(super) fn lt(a: F, b: F) -> M {
        f32x4_lt(a, b)
    }
    #[inline(always)]
    pub(super) fn ne(a: F, b: F) -> M {
        f32x4_ne(a, b)
    }
    #[inline(always)]
    pub(super) fn and(v: F, m: M) -> F {
        v128_and(v, m)
    }
    #[inline(always)]
    pub(super) fn and_not(v: F, m: M) -> F {
        v128_andnot(v, m)
    }
    #[inline(always)]
    pub(super) fn select(m: M, yes: F, no: F) -> F {
        v128_bitselect(yes, no, m)
    }
    #[inline(always)]
    pub(super) fn or(a: M, b: M) -> M {
        v128_or(a, b)
    }
    #[inline(always)]
    pub(super) fn deal(a: F, b: F) -> (F, F) {
        (i32x4_shuffle::<0, 2, 4, 6>(a, b), i32x4_shuffle::<1, 3, 5, 7>(a, b))
    }
    #[inline(always)]
    pub(super) fn merge(a: F, b: F) -> (F, F) {
        (i32x4_shuffle::<0, 4, 1, 5>(a, b), i32x4_shuffle::<2, 6, 3, 7>(a, b))
    }
}

// SSE2 is part of every x86-64.
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
mod lanes {
    use core::arch::x86_64::{
        __m128, _mm_add_ps, _mm_and_ps, _mm_andnot_ps, _mm_cmple_ps, _mm_cmplt_ps, _mm_cmpneq_ps, _mm_loadu_ps,
        _mm_mul_ps, _mm_or_ps, _mm_set1_ps, _mm_shuffle_ps, _mm_storeu_ps, _mm_unpackhi_ps, _mm_unpacklo_ps,
    };

    pub(super) type F = __m128;
    pub(super) type M = __m128;

    #[inline(always)]
    pub(super) fn splat(value: f32) -> F {
        // SAFETY: SSE2 is there, by the `cfg` above.
        unsafe { _mm_set1_ps(value) }
    }
    #[inline(always)]
    pub(super) unsafe fn load(from: *const f32) -> F {
        // SAFETY: the caller's; this load takes any address.
        unsafe { _mm_loadu_ps(from) }
    }
    #[inline(always)]
    pub(super) unsafe fn store(v: F, to: *mut f32) {
        // SAFETY: the caller's; this store takes any address.
        unsafe { _mm_storeu_ps(to, v) }
    }
    #[inline(always)]
    pub(super) fn add(a: F, b: F) -> F {
        // SAFETY: SSE2 is there, by the `cfg` above.
        unsafe { _mm_add_ps(a, b) }
    }
    #[inline(always)]
    pub(super) fn mul(a: F, b: F) -> F {
        // SAFETY: SSE2 is there, by the `cfg` above.
        unsafe { _mm_mul_ps(a, b) }
    }
    #[inline(always)]
    pub(super) fn le(a: F, b: F) -> M {
        // SAFETY: SSE2 is there, by the `cfg` above.
        unsafe { _mm_cmple_ps(a, b) }
    }
    #[inline(always)]
    pub(super) fn lt(a: F, b: F) -> M {
        // SAFETY: SSE2 is there, by the `cfg` above.
        unsafe { _mm_cmplt_ps(a, b) }
    }
    #[inline(always)]
    pub(super) fn ne(a: F, b: F) -> M {
        // SAFETY: SSE2 is there, by the `cfg` above.
        unsafe { _mm_cmpneq_ps(a, b) }
    }
    #[inline(always)]
    pub(super) fn and(v: F, m: M) -> F {
        // SAFETY: SSE2 is there, by the `cfg` above.
        unsafe { _mm_and_ps(v, m) }
    }
    #[inline(always)]
    pub(super) fn and_not(v: F, m: M) -> F {
        // SAFETY: SSE2 is there, by the `cfg` above.
        unsafe { _mm_andnot_ps(m, v) }
    }
    #[inline(always)]
    pub(super) fn select(m: M, yes: F, no: F) -> F {
        // SAFETY: SSE2 is there, by the `cfg` above.
        unsafe { _mm_or_ps(_mm_and_ps(m, yes), _mm_andnot_ps(m, no)) }
    }
    #[inline(always)]
    pub(super) fn or(a: M, b: M) -> M {
        // SAFETY: SSE2 is there, by the `cfg` above.
        unsafe { _mm_or_ps(a, b) }
    }
    #[inline(always)]
    pub(super) fn deal(a: F, b: F) -> (F, F) {
        // SAFETY: SSE2 is there, by the `cfg` above.
        unsafe { (_mm_shuffle_ps::<0b10_00_10_00>(a, b), _mm_shuffle_ps::<0b11_01_11_01>(a, b)) }
    }
    #[inline(always)]
    pub(super) fn merge(a: F, b: F) -> (F, F) {
        // SAFETY: SSE2 is there, by the `cfg` above.
        unsafe { (_mm_unpacklo_ps(a, b), _mm_unpackhi_ps(a, b)) }
    }
}

#[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
mod lanes {
    use core::arch::aarch64::{
        float32x4_t, uint32x4_t, vaddq_f32, vandq_u32, vbicq_u32, vbslq_f32, vceqq_f32, vcleq_f32, vcltq_f32,
        vdupq_n_f32, vld1q_f32, vmulq_f32, vmvnq_u32, vorrq_u32, vreinterpretq_f32_u32, vreinterpretq_u32_f32,
        vst1q_f32, vuzp1q_f32, vuzp2q_f32, vzip1q_f32, vzip2q_f32,
    };

    pub(super) type F = float32x4_t;
    pub(super) type M = uint32x4_t;

    #[inline(always)]
    pub(super) fn splat(value: f32) -> F {
        // SAFETY: NEON is there, by the `cfg` above.
        unsafe { vdupq_n_f32(value) }
    }
    #[inline(always)]
    pub(super) unsafe fn load(from: *const f32) -> F {
        // SAFETY: the caller's.
        unsafe { vld1q_f32(from) }
    }
    #[inline(always)]
    pub(super) unsafe fn store(v: F, to: *mut f32) {
        // SAFETY: the caller's.
        unsafe { vst1q_f32(to, v) }
    }
    #[inline(always)]
    pub(super) fn add(a: F, b: F) -> F {
        // SAFETY: NEON is there, by the `cfg` above.
        unsafe { vaddq_f32(a, b) }
    }
    #[inline(always)]
    pub(super) fn mul(a: F, b: F) -> F {
        // SAFETY: NEON is there, by the `cfg` above.
        unsafe { vmulq_f32(a, b) }
    }
    #[inline(always)]
    pub(super) fn le(a: F, b: F) -> M {
        // SAFETY: NEON is there, by the `cfg` above.
        unsafe { vcleq_f32(a, b) }
    }
    #[inline(always)]
    pub(super) fn lt(a: F, b: F) -> M {
        // SAFETY: NEON is there, by the `cfg` above.
        unsafe { vcltq_f32(a, b) }
    }
    #[inline(always)]
    pub(super) fn ne(a: F, b: F) -> M {
        // SAFETY: NEON is there, by the `cfg` above.
        unsafe { vmvnq_u32(vceqq_f32(a, b)) }
    }
    #[inline(always)]
    pub(super) fn and(v: F, m: M) -> F {
        // SAFETY: NEON is there, by the `cfg` above.
        unsafe { vreinterpretq_f32_u32(vandq_u32(vreinterpretq_u32_f32(v), m)) }
    }
    #[inline(always)]
    pub(super) fn and_not(v: F, m: M) -> F {
        // SAFETY: NEON is there, by the `cfg` above.
        unsafe { vreinterpretq_f32_u32(vbicq_u32(vreinterpretq_u32_f32(v), m)) }
    }
    #[inline(always)]
    pub(super) fn select(m: M, yes: F, no: F) -> F {
        // SAFETY: NEON is there, by the `cfg` above.
        unsafe { vbslq_f32(m, yes, no) }
    }
    #[inline(always)]
    pub(super) fn or(a: M, b: M) -> M {
        // SAFETY: NEON is there, by the `cfg` above.
        unsafe { vorrq_u32(a, b) }
    }
    #[inline(always)]
    pub(super) fn deal(a: F, b: F) -> (F, F) {
        // SAFETY: NEON is there, by the `cfg` above.
        unsafe { (vuzp1q_f32(a, b), vuzp2q_f32(a, b)) }
    }
    #[inline(always)]
    pub(super) fn merge(a: F, b: F) -> (F, F) {
        // SAFETY: NEON is there, by the `cfg` above.
        unsafe { (vzip1q_f32(a, b), vzip2q_f32(a, b)) }
    }
}

#[cfg(not(any(
    all(target_arch = "wasm32", target_feature = "simd128"),
    all(target_arch = "x86_64", target_feature = "sse2"),
    all(target_arch = "aarch64", target_feature = "neon")
)))]
mod lanes {
    use core::array::from_fn;

    pub(super) type F = [f32; 4];
    pub(super) type M = [bool; 4];

    #[inline(always)]
    pub(super) fn splat(value: f32) -> F {
        [value; 4]
    }
    #[inline(always)]
    pub(super) unsafe fn load(from: *const f32) -> F {
        // SAFETY: the caller's.
        unsafe { from.cast::<F>().read_unaligned() }
    }
    #[inline(always)]
    pub(super) unsafe fn store(v: F, to: *mut f32) {
        // SAFETY: the caller's.
        unsafe { to.cast::<F>().write_unaligned(v) }
    }
    #[inline(always)]
    pub(super) fn add(a: F, b: F) -> F {
        from_fn(|i| a[i] + b[i])
    }
    #[inline(always)]
    pub(super) fn mul(a: F, b: F) -> F {
        from_fn(|i| a[i] * b[i])
    }
    #[inline(always)]
    pub(super) fn le(a: F, b: F) -> M {
        from_fn(|i| a[i] <= b[i])
    }
    #[inline(always)]
    pub(super) fn lt(a: F, b: F) -> M {
        from_fn(|i| a[i] < b[i])
    }
    #[inline(always)]
    pub(super) fn ne(a: F, b: F) -> M {
        from_fn(|i| a[i] != b[i])
    }
    #[inline(always)]
    pub(super) fn and(v: F, m: M) -> F {
        from_fn(|i| if m[i] { v[i] } else { 0.0 })
    }
    #[inline(always)]
    pub(super) fn and_not(v: F, m: M) -> F {
        from_fn(|i| if m[i] { 0.0 } else { v[i] })
    }
    #[inline(always)]
    pub(super) fn select(m: M, yes: F, no: F) -> F {
        from_fn(|i| if m[i] { yes[i] } else { no[i] })
    }
    #[inline(always)]
    pub(super) fn or(a: M, b: M) -> M {
        from_fn(|i| a[i] || b[i])
    }
    #[inline(always)]
    pub(super) fn deal(a: F, b: F) -> (F, F) {
        ([a[0], a[2], b[0], b[2]], [a[1], a[3], b[1], b[3]])
    }
    #[inline(always)]
    pub(super) fn merge(a: F, b: F) -> (F, F) {
        ([a[0], b[0], a[1], b[1]], [a[2], b[2], a[3], b[3]])
    }
}
