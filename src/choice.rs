//! Closed sets of choices.
//!
//! `choices!` writes an enum together with the identifier, label and explanation of each value, so that the
//! page, the URL, saved files and the study runner can never disagree about a name.

/// One value of a closed set, as the page shows it.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Choice {
    /// Identifier in URLs and files.
    pub id: &'static str,
    /// Short name.
    pub label: &'static str,
    /// What it does, in one sentence.
    pub help: &'static str,
}

/// Declares an enum whose values carry `id, label, help`. Messages call it by its name, or as `called` says: what people
/// have read does not change with a name that Rust alone sees.
macro_rules! choices {
    (@name $name:ident) => { stringify!($name) };
    (@name $name:ident $called:literal) => { $called };
    ($(#[$meta:meta])* $vis:vis enum $name:ident $(called $called:literal)? {
        $($(#[$vmeta:meta])* $value:ident => $id:literal, $label:literal, $help:literal;)+
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        $vis enum $name { $( $(#[$vmeta])* #[doc = $help] $value, )+ }

        impl $name {
            /// Every value, in the order shown.
            pub const ALL: &'static [Self] = &[$(Self::$value),+];
            /// Identifier, label and explanation of every value, in the order of [`Self::ALL`].
            pub const CHOICES: &'static [$crate::choice::Choice] =
                &[$($crate::choice::Choice { id: $id, label: $label, help: $help }),+];

            /// The identifier in URLs and files.
            pub const fn id(self) -> &'static str {
                match self { $(Self::$value => $id),+ }
            }

            /// What it does, in one sentence.
            pub const fn help(self) -> &'static str {
                match self { $(Self::$value => $help),+ }
            }

            /// The short name shown to people.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$value => $label),+ }
            }
        }

        #[cfg(target_family = "wasm")]
        const _: () = {
            /// The identifiers as a TypeScript union, for the declarations that come with the engines.
            #[wasm_bindgen::prelude::wasm_bindgen(typescript_custom_section)]
            const UNION: &str = concat!("export type ", stringify!($name), " =", $(" | \"", $id, "\""),+, ";");
        };

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.id())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::error::Error;
            fn from_str(text: &str) -> $crate::error::Result<Self> {
                match text {
                    $($id => Ok(Self::$value),)+
                    _ => Err($crate::error::Error::setting(
                        $crate::choice::choices!(@name $name $($called)?),
                        format!("{text:?}"),
                        concat!("one of ", $($id, " "),+).trim_end(),
                    )),
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.id())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use choices;
