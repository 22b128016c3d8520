//! What was decided, what was before, what comes of it, and the way back.

use serde::Serialize;

use super::line::command;
use crate::compose::explain::{Explanation, Found};
use crate::model::decision::{Act, Decided};

/// One entry after the acts.
#[derive(Debug, Serialize)]
pub(super) struct Done {
    pub(super) acts: Vec<Step>,
    /// The addresses of others that tell the same story, and are shown although this one is not.
    pub(super) still_told_by: Vec<String>,
    #[serde(flatten)]
    pub(super) explanation: Explanation,
}

impl Done {
    /// Was anything added?
    pub(super) fn is_new(&self) -> bool {
        self.acts.iter().any(|step| step.is_new)
    }
}

/// One act.
#[derive(Debug, Serialize)]
pub(super) struct Step {
    act: &'static str,
    value: Option<String>,
    /// False: it was so already, and nothing was added.
    is_new: bool,
    /// What was before, in words.
    before: String,
    /// The line that leads back there.
    undo: String,
}

pub(super) fn step(found: &Found, before: &Decided, act: &Act) -> Step {
    let back = before.back_from(act);
    Step {
        act: act.as_str(),
        value: act.value(),
        is_new: back != *act,
        before: state(found, &back),
        undo: command(found.entry.id, &back),
    }
}

/// How it stood, in terms of the act that would lead there.
fn state(found: &Found, back: &Act) -> String {
    let last = found.decisions.iter().rev().find(|decision| decision.act == *back);
    let by =
        last.map(|last| format!(" by {} on {}", last.by, last.at.format("%-d %B %Y"))).unwrap_or_default();
    match back {
        Act::Accept => format!("accepted{by}"),
        Act::Reject => format!("rejected{by}"),
        Act::Leave => "left to the rules".to_owned(),
        Act::Pin => format!("pinned{by}"),
        Act::Unpin => "not pinned".to_owned(),
        Act::Retitle(Some(title)) => format!("titled `{title}`{by}"),
        Act::Retitle(None) => "the source's own title".to_owned(),
        Act::Note(Some(_)) => format!("another note{by}"),
        Act::Note(None) => "no note".to_owned(),
        Act::Topics(Some(_)) => format!("filed under {}{by}", back.value().unwrap_or_default()),
        Act::Topics(None) => "filed as the rules say".to_owned(),
    }
}

pub(super) fn text(done: &Done, by: &str) -> String {
    let Done { acts, explanation, .. } = done;
    let mut lines = vec![format!("{} ({}, {})", explanation.title, explanation.source, explanation.id)];
    for step in acts {
        if step.is_new {
            lines.push(format!("  {}, by {by}; before: {}", did(step), step.before));
            lines.push(format!("    undo: {}", step.undo));
        } else {
            lines.push(format!("  {}: it was so already; nothing was added", did(step)));
        }
    }
    let shown = if explanation.is_published { "shown" } else { "not shown" };
    lines.push(format!("  {shown}: {}", explanation.because));
    lines.extend(advice(done).into_iter().map(|advice| format!("  {advice}")));
    lines.join("\n")
}

fn did(step: &Step) -> String {
    let value = step.value.as_deref().unwrap_or_default();
    match (step.act, &step.value) {
        ("accept", _) => "accepted".to_owned(),
        ("reject", _) => "rejected".to_owned(),
        ("leave", _) => "left to the rules".to_owned(),
        ("pin", _) => "pinned to the top of the digest".to_owned(),
        ("unpin", _) => "no longer pinned".to_owned(),
        ("retitle", Some(_)) => format!("retitled `{value}`"),
        ("retitle", None) => "shown under the source's own title".to_owned(),
        ("note", Some(_)) => "given a note".to_owned(),
        ("note", None) => "its note taken away".to_owned(),
        (_, Some(_)) => format!("filed under {value}"),
        (_, None) => "filed as the rules say again".to_owned(),
    }
}

/// What the person may not have expected.
fn advice(Done { acts, still_told_by, explanation }: &Done) -> Vec<String> {
    let id = &explanation.id;
    let mut advice = Vec::new();
    if !still_told_by.is_empty() {
        advice.push(format!("others told the same story, and still do: {}", still_told_by.join(", ")));
    }
    if explanation.outcome == "publish" && explanation.filed_under.is_empty() {
        advice.push(format!(
            "no topic takes it, so it stands in the last section: file it with `tidewaiter decide {id} topics …`"
        ));
    }
    let adorns = |step: &Step| !["accept", "reject", "leave"].contains(&step.act);
    if !explanation.is_published && explanation.outcome != "publish" && acts.iter().any(adorns) {
        advice.push(format!("this alone does not publish it: `tidewaiter decide {id} accept` does"));
    }
    advice
}
