//! Words that only join others: they say nothing of what a text is about.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::fold::fold;

/// Of several languages, without accents.
const JOINING: &str = "\
a about after against all also an and any are as at be been before being between both but by can could do does each for from \
had has have he her his how if in into is it its may more most must new no not of off on one only or other our out over \
own per said same says she should since so some such than that the their them then there these they this those through to \
two under until up upon was we were what when where which while who why will with within without would you your first last \
year years month week day today now following including \
au aux avec ce ces cette comme dans de des du elle en entre est et ete etre il ils la le les leur leurs lors mais ne nous ou \
par pas plus pour qu que qui sa se ses son sont sous sur un une y \
al como con cual cuando del desde donde e el ella entre era es esta este esto estos estas fue ha han hasta las lo los mas \
no o para pero por se sin sobre son su sus tambien tras u una unas uno unos ya \
a ao aos as com da das do dos em foi mais na nas nao no nos num numa os ou pela pelas pelo pelos sao sem ser seu seus sua \
suas uma um \
aus bei das dem den der des die ein eine einer fur im ist mit nach nicht sich sie sind und vom von werden wird zu zum zur \
che da dal dalla degli dei del della delle di gli il nel nella per sono \
без был была было в во для до его ее если за и из или к как ко ли на над не него но о об от по под при с со так также то что \
это \
الى الي ان او اي بعد بين حول ذلك على علي عن عند في قبل كما لا ما مع من هذا هذه هو هي و";

/// Is this folded word one of them?
pub fn joins(word: &str) -> bool {
    static ALL: LazyLock<HashSet<String>> = LazyLock::new(|| JOINING.split(' ').map(fold).collect());
    ALL.contains(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_join_others_are_known_however_folding_leaves_them() {
        for word in ["the", "des", "también", "não", "für", "если", "إلى", "على"] {
            assert!(joins(&fold(word)), "{word}");
        }
        assert!(!joins("customs") && !joins(""));
    }
}
