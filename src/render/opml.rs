//! OPML 2.0: the list of our sources, for members who want to follow one themselves.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use std::io;

use crate::config::Site;
use crate::model::page::Page;
use crate::model::source::{Source, SourceKind};

pub fn opml(site: &Site, sources: &[&Source]) -> Page {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    write(&mut writer, site, sources).expect("memory takes every byte");
    let mut bytes = writer.into_inner();
    bytes.push(b'\n');
    Page { path: "sources.opml".to_owned(), bytes }
}

fn write(writer: &mut Writer<Vec<u8>>, site: &Site, sources: &[&Source]) -> io::Result<()> {
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    writer.create_element("opml").with_attribute(("version", "2.0")).write_inner_content(|writer| {
        writer.create_element("head").write_inner_content(|writer| {
            let title = format!("{}: {}", site.organisation, site.title);
            writer.create_element("title").write_text_content(BytesText::new(&title))?;
            writer.create_element("ownerName").write_text_content(BytesText::new(&site.organisation_name))?;
            writer.create_element("ownerId").write_text_content(BytesText::new(site.home.as_str()))?;
            writer.create_element("docs").write_text_content(BytesText::new("http://opml.org/spec2.opml"))?;
            Ok(())
        })?;
        writer
            .create_element("body")
            .write_inner_content(|writer| sources.iter().try_for_each(|source| outline(writer, source)))?;
        Ok(())
    })?;
    Ok(())
}

fn outline(writer: &mut Writer<Vec<u8>>, source: &Source) -> io::Result<()> {
    let (kind, address) = match &source.kind {
        SourceKind::Feed => ("rss", "xmlUrl"),
        SourceKind::Page(_) | SourceKind::Json(_) | SourceKind::Sitemap(_) => ("link", "url"),
    };
    let mut outline = writer
        .create_element("outline")
        .with_attribute(("type", kind))
        .with_attribute(("text", source.title.as_str()))
        .with_attribute(("title", source.title.as_str()))
        .with_attribute((address, source.url.as_str()));
    if let Some(language) = &source.language {
        outline = outline.with_attribute(("language", language.as_str()));
    }
    outline.write_empty()?;
    Ok(())
}
