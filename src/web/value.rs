//! Replies as JavaScript has its values: plain objects, lists, and typed arrays for pictures and maps.
//!
//! JavaScript has f64 alone. An f32 arrives as the decimal that people write for it, 0.1 and not 0.10000000149011612, so
//! that links, tables and files hold what was chosen; what is not finite arrives as `null`. serde-wasm-bindgen, which
//! reads the requests, does neither, and a layer around its serializer made each engine 14 kB larger than this one.

use js_sys::{Array, Float32Array, Object, Reflect};
use serde::ser::{
    Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};
use serde_wasm_bindgen::Error;
use wasm_bindgen::JsValue;

/// Makes a JavaScript value.
#[derive(Clone, Copy)]
pub(super) struct Value;

/// What has an order.
pub(super) struct List(Array);

/// What has names; of a map, also the name that waits for its value.
pub(super) struct Fields(Object, JsValue);

/// The content of an enum's variant, by its name.
pub(super) struct Tagged<T>(&'static str, T);

/// An object with one field.
fn tagged(name: &str, value: &JsValue) -> JsValue {
    let fields = Fields(Object::new(), JsValue::NULL);
    fields.put(name, value);
    fields.0.into()
}

impl Fields {
    // Not inlined: it stands in every field of every reply.
    #[inline(never)]
    fn put(&self, name: &str, value: &JsValue) {
        self.set(&name.into(), value);
    }

    /// An object of one's own takes every field.
    fn set(&self, name: &JsValue, value: &JsValue) {
        let taken = Reflect::set(&self.0, name, value);
        debug_assert!(taken.is_ok());
    }
}

/// Whole numbers, which fit into an f64: they are counts.
macro_rules! numbers {
    ($($method:ident($kind:ty);)+) => {
        $(fn $method(self, value: $kind) -> Result<JsValue, Error> { Ok(JsValue::from_f64(value as f64)) })+
    };
}

impl Serializer for Value {
    type Ok = JsValue;
    type Error = Error;
    type SerializeSeq = List;
    type SerializeTuple = List;
    type SerializeTupleStruct = List;
    type SerializeTupleVariant = Tagged<List>;
    type SerializeMap = Fields;
    type SerializeStruct = Fields;
    type SerializeStructVariant = Tagged<Fields>;

    numbers! {
        serialize_i8(i8);
        serialize_i16(i16);
        serialize_i32(i32);
        serialize_i64(i64);
        serialize_u8(u8);
        serialize_u16(u16);
        serialize_u32(u32);
        serialize_u64(u64);
    }

    fn is_human_readable(&self) -> bool {
        false
    }

    fn serialize_f32(self, value: f32) -> Result<JsValue, Error> {
        // Of two decimals that are as near, JSON's: saved files hold it.
        self.serialize_f64(serde_json::to_string(&value).map_or(f64::NAN, |text| js_sys::parse_float(&text)))
    }

    fn serialize_f64(self, value: f64) -> Result<JsValue, Error> {
        Ok(if value.is_finite() { value.into() } else { JsValue::NULL })
    }

    fn serialize_bool(self, value: bool) -> Result<JsValue, Error> {
        Ok(value.into())
    }

    fn serialize_char(self, value: char) -> Result<JsValue, Error> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<JsValue, Error> {
        Ok(value.into())
    }

    /// The bytes of [`Pixels`](crate::tensor::Pixels), the only ones in a message.
    fn serialize_bytes(self, bytes: &[u8]) -> Result<JsValue, Error> {
        let values: Vec<f32> = bytes.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
        Ok(Float32Array::from(&values[..]).into())
    }

    fn serialize_none(self) -> Result<JsValue, Error> {
        Ok(JsValue::NULL)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<JsValue, Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<JsValue, Error> {
        Ok(JsValue::NULL)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<JsValue, Error> {
        Ok(JsValue::NULL)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<JsValue, Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<JsValue, Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<JsValue, Error> {
        Ok(tagged(variant, &value.serialize(self)?))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<List, Error> {
        Ok(List(Array::new()))
    }

    fn serialize_tuple(self, _: usize) -> Result<List, Error> {
        Ok(List(Array::new()))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<List, Error> {
        Ok(List(Array::new()))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Tagged<List>, Error> {
        Ok(Tagged(variant, List(Array::new())))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Fields, Error> {
        Ok(Fields(Object::new(), JsValue::NULL))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Fields, Error> {
        Ok(Fields(Object::new(), JsValue::NULL))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Tagged<Fields>, Error> {
        Ok(Tagged(variant, Fields(Object::new(), JsValue::NULL)))
    }
}

/// What a list is made of, and what it becomes.
macro_rules! lists {
    ($($kind:ident::$method:ident;)+) => {
        $(impl $kind for List {
            type Ok = JsValue;
            type Error = Error;
            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
                self.0.push(&value.serialize(Value)?);
                Ok(())
            }
            fn end(self) -> Result<JsValue, Error> {
                Ok(self.0.into())
            }
        })+
    };
}

lists! {
    SerializeSeq::serialize_element;
    SerializeTuple::serialize_element;
    SerializeTupleStruct::serialize_field;
}

impl SerializeTupleVariant for Tagged<List> {
    type Ok = JsValue;
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        SerializeSeq::serialize_element(&mut self.1, value)
    }

    fn end(self) -> Result<JsValue, Error> {
        Ok(tagged(self.0, &self.1.0))
    }
}

impl SerializeStruct for Fields {
    type Ok = JsValue;
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
        self.put(key, &value.serialize(Value)?);
        Ok(())
    }

    fn end(self) -> Result<JsValue, Error> {
        Ok(self.0.into())
    }
}

impl SerializeStructVariant for Tagged<Fields> {
    type Ok = JsValue;
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
        SerializeStruct::serialize_field(&mut self.1, key, value)
    }

    fn end(self) -> Result<JsValue, Error> {
        Ok(tagged(self.0, &self.1.0))
    }
}

impl SerializeMap for Fields {
    type Ok = JsValue;
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.1 = key.serialize(Value)?;
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.set(&self.1, &value.serialize(Value)?);
        Ok(())
    }

    fn end(self) -> Result<JsValue, Error> {
        Ok(self.0.into())
    }
}
