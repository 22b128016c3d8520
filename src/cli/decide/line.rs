//! The words behind `decide`: which entries, what to do with them, and the text that it takes.

use crate::config::Config;
use crate::desk::decided;
use crate::model::decision::Act;
use crate::model::entry::EntryId;
use crate::model::nearest::{hint, list, nearest};
use crate::model::text::{clean, one_line};
use crate::model::topic::TopicId;

const ACTS: [&str; 8] = ["accept", "reject", "leave", "pin", "unpin", "retitle", "note", "topics"];

/// The entries' names, and the acts.
pub(super) fn read<'a>(words: &'a [String], config: &Config) -> anyhow::Result<(&'a [String], Vec<Act>)> {
    let is_act = |word: &String| ACTS.contains(&word.as_str());
    let Some(place) = words.iter().skip(1).position(is_act).map(|place| place + 1) else {
        return Err(without_act(words));
    };
    let (names, rest) = words.split_at(place);
    let (act, texts) = rest.split_first().expect("the act itself is there");
    Ok((names, acts(act, texts, config)?))
}

fn without_act(words: &[String]) -> anyhow::Error {
    let acts = list(ACTS);
    match words {
        [first, ..] if ACTS.contains(&first.as_str()) => {
            anyhow::anyhow!("name the entry first, then what to do with it: tidewaiter decide ENTRY {first}")
        }
        [.., last] if words.len() > 1 && nearest(last, ACTS).is_some() => {
            anyhow::anyhow!("there is no act `{last}`; {}", hint(last, ACTS))
        }
        _ => anyhow::anyhow!("what is to be done with it? one of {acts}"),
    }
}

fn acts(act: &str, texts: &[String], config: &Config) -> anyhow::Result<Vec<Act>> {
    let plain = |plain: Act| match texts {
        [] => Ok(vec![plain]),
        [text, ..] => anyhow::bail!("`{act}` takes no text, but `{text}` stands behind it"),
    };
    match act {
        "reject" => plain(Act::Reject),
        "leave" => plain(Act::Leave),
        "pin" => plain(Act::Pin),
        "unpin" => plain(Act::Unpin),
        "retitle" => Ok(vec![Act::Retitle(text(act, texts)?.map(title).transpose()?)]),
        "note" => Ok(vec![Act::Note(text(act, texts)?.map(note).transpose()?)]),
        "topics" => Ok(vec![Act::Topics(topics(texts, config)?)]),
        _ => {
            let topics = topics(texts, config)?.map(|topics| Act::Topics(Some(topics)));
            Ok(std::iter::once(Act::Accept).chain(topics).collect())
        }
    }
}

fn text<'a>(act: &str, texts: &'a [String]) -> anyhow::Result<Option<&'a str>> {
    match texts {
        [] => Ok(None),
        [text] => Ok(Some(text)),
        [_, ..] => anyhow::bail!("`{act}` takes one text: put it into quotes"),
    }
}

fn title(text: &str) -> anyhow::Result<String> {
    let title = one_line(text);
    if title.is_empty() {
        anyhow::bail!("the title is empty; `retitle` without a text shows the source's own again");
    }
    Ok(title)
}

fn note(text: &str) -> anyhow::Result<String> {
    let markdown = clean(text.trim());
    if decided::note(&markdown).is_empty() {
        anyhow::bail!("nothing of this note could be shown; `note` without a text takes it away");
    }
    Ok(markdown)
}

/// In the order given, each once; `None` if there are none.
fn topics(texts: &[String], config: &Config) -> anyhow::Result<Option<Vec<TopicId>>> {
    let mut topics = Vec::new();
    for name in texts.iter().flat_map(|text| text.split([',', ' '])).filter(|name| !name.is_empty()) {
        let known = config.topics.iter().map(|topic| topic.id.as_str());
        let Some(topic) = config.topics.iter().find(|topic| topic.id.as_str() == name) else {
            anyhow::bail!("there is no topic `{name}` in feeds.toml; {}", hint(name, known));
        };
        if !topics.contains(&topic.id) {
            topics.push(topic.id.clone());
        }
    }
    Ok(Some(topics).filter(|topics| !topics.is_empty()))
}

/// The line that does this, to be pasted into a shell.
pub(super) fn command(id: EntryId, act: &Act) -> String {
    let value = act.value();
    // A text that begins with a hyphen would be taken for an option.
    let ends = if value.as_ref().is_some_and(|text| text.starts_with('-')) { "-- " } else { "" };
    let line = format!("tidewaiter decide {ends}{id} {}", act.as_str());
    match value {
        Some(text) => format!("{line} '{}'", text.replace('\'', r"'\''")),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: &str = "
[site]
title = \"B\"
organisation = \"O\"
url = \"https://b.example/\"
home = \"https://o.example/\"
contact = \"a@o.example\"
tag = \"o.example,2018\"
[[source]]
id = \"wco\"
title = \"WCO\"
url = \"https://wco.example/feed\"
[[section]]
id = \"news\"
title = \"News\"
[[topic]]
id = \"origin\"
title = \"Origin\"
section = \"news\"
strong = [\"origin\"]
[[topic]]
id = \"ipr\"
title = \"Property\"
section = \"news\"
strong = [\"counterfeit\"]
";

    fn read_words(words: &[&str]) -> anyhow::Result<(Vec<String>, Vec<Act>)> {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let config = Config::parse(CONFIG).expect("a configuration");
        let (names, acts) = read(&words, &config)?;
        Ok((names.to_vec(), acts))
    }

    fn check(words: &[&str], names: &[&str], acts: &[Act]) {
        let (found, done) = read_words(words).expect("a line");
        assert_eq!(found, names);
        assert_eq!(done, acts);
    }

    fn check_refused(words: &[&str], said: &str) {
        let error = read_words(words).expect_err(said).to_string();
        assert!(error.contains(said), "{error}");
    }

    fn topics(ids: &[&str]) -> Act {
        Act::Topics(Some(ids.iter().map(|id| TopicId::parse(id).expect(id)).collect()))
    }

    #[test]
    fn entries_come_first_then_the_act_then_its_text() {
        check(&["a", "b c", "reject"], &["a", "b c"], &[Act::Reject]);
        check(&["accept", "pin"], &["accept"], &[Act::Pin]);
        check(&["a", "retitle", "  New\n title "], &["a"], &[Act::Retitle(Some("New title".to_owned()))]);
        check(&["a", "retitle"], &["a"], &[Act::Retitle(None)]);
        check(&["a", "note", "pin"], &["a"], &[Act::Note(Some("pin".to_owned()))]);
    }

    #[test]
    fn topics_stand_apart_by_commas_or_blanks() {
        check(&["a", "topics", "ipr, origin,ipr"], &["a"], &[topics(&["ipr", "origin"])]);
        check(&["a", "topics", "ipr", "origin"], &["a"], &[topics(&["ipr", "origin"])]);
        check(&["a", "topics"], &["a"], &[Act::Topics(None)]);
        check(&["a", "accept", "origin"], &["a"], &[Act::Accept, topics(&["origin"])]);
    }

    #[test]
    fn what_cannot_be_meant_is_refused_with_what_to_do() {
        check_refused(&["a"], "what is to be done");
        check_refused(&["accept", "a"], "tidewaiter decide ENTRY accept");
        check_refused(&["a", "acept"], "did you mean `accept`?");
        check_refused(&["a", "pin", "b"], "`pin` takes no text");
        check_refused(&["a", "retitle", "b", "c"], "put it into quotes");
        check_refused(&["a", "retitle", " \u{202e} "], "the title is empty");
        check_refused(&["a", "note", "<script>x</script>"], "nothing of this note");
        check_refused(&["a", "topics", "orign"], "did you mean `origin`?");
    }

    #[test]
    fn a_line_can_be_pasted_into_a_shell() {
        let line = command(EntryId(255), &Act::Retitle(Some("It's $HOME".to_owned())));
        assert_eq!(line, r"tidewaiter decide 00000000000000ff retitle 'It'\''s $HOME'");
        assert_eq!(command(EntryId(255), &Act::Leave), "tidewaiter decide 00000000000000ff leave");
    }
}
