//! One description per table of feeds.toml: struct, reader and schema all come from it, and cannot drift apart.

use serde_json::{Map, Value, json};

/// Describes a table: what it is about, what messages call it, and its keys with their type and need
/// (`required`, `optional`, or `default(value as written in the file)`).
macro_rules! table {
    (
        $(#[doc = $about:literal])+
        struct $name:ident($noun:literal) {
            $( $(#[doc = $doc:literal])+ $key:ident: $kind:ty => $need:ident $(($default:tt))?, )+
        }
    ) => {
        $(#[doc = $about])+
        #[derive(Debug, Clone)]
        pub(super) struct $name {
            $( $(#[doc = $doc])+ pub(super) $key: $crate::config::table::held!($need $kind), )+
        }

        impl $crate::config::read::FromToml for $name {
            fn read(
                node: $crate::config::read::Node<'_>,
                notes: &mut $crate::config::notes::Notes<'_>,
            ) -> Option<Self> {
                use $crate::config::read::Table;
                let read = |notes: &mut $crate::config::notes::Notes<'_>| {
                    let table = Table::open(node, &[$(stringify!($key)),+], notes)?;
                    Some(Self {
                        $( $key: table.$need(stringify!($key), notes $(, $crate::config::table::fallback!($kind, $default))?), )+
                    })
                };
                match Table::label($noun, node) {
                    Some(label) => notes.within(label, read),
                    None => read(notes),
                }
            }

            fn expected() -> String {
                concat!("a block [", $noun, "]").to_owned()
            }

            fn schema() -> serde_json::Value {
                $crate::config::table::schema(
                    concat!($($about),+),
                    vec![$( $crate::config::table::Key {
                        name: stringify!($key),
                        about: concat!($($doc),+),
                        required: stringify!($need) == "required",
                        default: [$(serde_json::json!($default))?].into_iter().next(),
                        schema: <$kind as $crate::config::read::FromToml>::schema(),
                    } ),+],
                )
            }
        }
    };
}

/// What stands for a key that is left out, read once.
macro_rules! fallback {
    ($kind:ty, $default:tt) => {{
        static FALLBACK: std::sync::LazyLock<$kind> =
            std::sync::LazyLock::new(|| $crate::config::read::fallback(stringify!($default)));
        &FALLBACK
    }};
}

/// What the struct holds of a key.
macro_rules! held {
    (default $kind:ty) => { $kind };
    ($need:ident $kind:ty) => { Option<$kind> };
}

pub(super) use {fallback, held, table};

/// A key, for the schema.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    pub(super) required: bool,
    pub(super) default: Option<Value>,
    pub(super) schema: Value,
}

/// The JSON Schema of a table.
pub(super) fn schema(about: &str, keys: Vec<Key>) -> Value {
    let required: Vec<_> = keys.iter().filter(|key| key.required).map(|key| key.name).collect();
    let properties: Map<_, _> = keys.into_iter().map(|key| (key.name.to_owned(), property(key))).collect();
    json!({
        "type": "object",
        "description": about.trim(),
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

/// The key's own words stand before those of its type.
fn property(key: Key) -> Value {
    let mut schema = key.schema;
    if let Some(fields) = schema.as_object_mut() {
        fields.insert("description".to_owned(), json!(key.about.trim()));
        fields.extend(key.default.map(|default| ("default".to_owned(), default)));
    }
    schema
}
