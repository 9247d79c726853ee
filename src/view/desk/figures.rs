//! Cards of figures: numbers with everything that keeps them honest, and what they can be compared with.

use std::collections::BTreeMap;

use super::super::cards::*;
use super::super::words;
use super::Desk;
use crate::graph::NodeId;
use crate::model::{Data, Figure, FigurePart, Relation};
use crate::picture::{shares_of_largest, shares_of_whole};
use crate::text::Decimal;

impl Desk<'_> {
    /// A figure with everything that keeps it honest.
    pub fn figure(&self, id: NodeId) -> Option<FigureView> {
        let node = self.lens.node(id);
        let Data::Figure(figure) = &node.record().data else { return None };
        let mut converters = self.lens.targets(id, Relation::ConvertedBy).into_iter();
        let conversions = figure.conversions.iter().map(|it| ConversionView {
            text: it.value.display_with_unit(&it.unit),
            by: it
                .by
                .as_ref()
                .and_then(|_| converters.next())
                .map_or_else(String::new, |id| self.lens.name(id).to_owned()),
            rate_date: it.rate_date.as_ref().map(|it| self.date(it)),
        });
        Some(FigureView {
            id: node.short_key().to_owned(),
            anchor: self.anchor(id),
            url: self.url(id),
            of: self.lens.target(id, Relation::FigureOf).map(|id| self.link(id)).unwrap_or_default(),
            measure: figure.measure.clone(),
            text: format!("{}{}", words::bound(figure.bound), figure.value.display_with_unit(&figure.unit)),
            plain: figure.value.plain(),
            unit: figure.unit.clone(),
            on: figure.on.as_ref().map(|it| self.date(it)),
            parts: parts_of(figure),
            series: Vec::new(),
            conversions: conversions.collect(),
            also_reported: figure.also_reported.iter().map(|it| it.display_with_unit(&figure.unit)).collect(),
            used_in: self.links(self.lens.origins(id, Relation::Gives)),
            sources: self.uses(id, &figure.sources),
        })
    }

    /// Cards of figures, in the order given. Where several give one measure on several days, the newest tells of all.
    pub fn figures(&self, ids: impl IntoIterator<Item = NodeId>) -> Vec<FigureView> {
        let shown = ids.into_iter().filter_map(|id| Some((self.figure_data(id)?, self.figure(id)?)));
        let (data, mut views): (Vec<&Figure>, Vec<FigureView>) = shown.unzip();
        let mut by_measure: BTreeMap<(Option<String>, &str, &str), Vec<usize>> = BTreeMap::new();
        for (idx, it) in data.iter().enumerate().filter(|(_, it)| it.on.is_some()) {
            let of = views[idx].of.url.clone();
            by_measure.entry((of, &it.measure, &it.unit)).or_default().push(idx);
        }
        for mut same in by_measure.into_values().filter(|same| same.len() > 1) {
            same.sort_by_key(|idx| &data[*idx].on);
            let is_one_day = same.windows(2).any(|pair| data[pair[0]].on == data[pair[1]].on);
            let numbers: Vec<&Decimal> = same.iter().map(|idx| &data[*idx].value).collect();
            let Some(shares) = shares_of_largest(&numbers).filter(|_| !is_one_day) else { continue };
            let part = |(idx, share): (&usize, u32)| FigurePartView {
                label: views[*idx].on.as_ref().map_or_else(String::new, |on| on.short.clone()),
                text: views[*idx].text.clone(),
                share: Some(share),
            };
            let series = same.iter().zip(shares).map(part).collect();
            views[same[same.len() - 1]].series = series;
        }
        views
    }

    fn figure_data(&self, id: NodeId) -> Option<&Figure> {
        match &self.lens.node(id).record().data {
            Data::Figure(figure) => Some(figure),
            _ => None,
        }
    }
}

/// The parts of a figure, with what each is of the whole.
fn parts_of(figure: &Figure) -> Vec<FigurePartView> {
    let numbers: Vec<&Decimal> = figure.parts.iter().map(|it| &it.value).collect();
    let shares = shares_of_whole(&numbers, Some(&figure.value));
    let part = |(idx, it): (usize, &FigurePart)| FigurePartView {
        label: it.label.clone(),
        text: it.value.display(),
        share: shares.as_ref().map(|it| it[idx]),
    };
    figure.parts.iter().enumerate().map(part).collect()
}
