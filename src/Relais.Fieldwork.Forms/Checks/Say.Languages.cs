using Relais.Fieldwork.Forms.Definitions;

namespace Relais.Fieldwork.Forms.Checks;

internal static partial class Say
{
    public static Finding TranslationMissing(Origin origin, string field, string language) => Warning("translation-missing", origin,
        $"« {field} » n'est pas traduit en « {Cut(language)} » : le texte d'une autre langue serait montré. Traduisez-le.",
        $"\"{field}\" is not translated into \"{Cut(language)}\": the text of another language would be shown. Translate it.");

    public static Finding DefaultLanguageUnused(string language, IReadOnlyList<string> languages) => Warning("default-language", Origin.File,
        $"La langue par défaut « {Cut(language)} » n'a aucune colonne de label. Langues trouvées : {Cut(string.Join(", ", languages))}. Corrigez settings, default_language.",
        $"The default language \"{Cut(language)}\" has no column of labels. Languages found: {Cut(string.Join(", ", languages))}. Correct settings, default_language.");

    public static Finding TooManyLanguages(Origin origin, int most) => Error("too-many-languages", origin,
        $"Plus de {most} langues. Retirez celles qui ne servent pas.",
        $"More than {most} languages. Remove those that are not used.");

    public static Finding UnknownText(Origin origin, string id) => Error("unknown-text", origin,
        $"Le texte « {Cut(id)} » n'est dans aucune traduction (itext).",
        $"The text \"{Cut(id)}\" is in no translation (itext).");

    public static Finding ElementNotRead(Origin origin, string element) => Warning("element-not-read", origin,
        $"L'élément « {Cut(element)} » n'est pas pris en charge et n'est pas lu.",
        $"The element \"{Cut(element)}\" is not supported and is not read.");

    public static Finding UnsupportedAction(Origin origin, string action) => Error("unsupported-action", origin,
        $"L'action « {Cut(action)} » n'est pas prise en charge : seuls setvalue avec odk-instance-first-load et odk-new-repeat le sont.",
        $"The action \"{Cut(action)}\" is not supported: only setvalue with odk-instance-first-load and odk-new-repeat is.");

    public static Finding RefToNothing(Origin origin, string reference) => Error("ref-to-nothing", origin,
        $"« {Cut(reference)} » ne désigne aucun nœud de l'instance.",
        $"\"{Cut(reference)}\" names no node of the instance.");

    public static Finding Misplaced(Origin origin, string reference, string group) => Error("misplaced-node", origin,
        $"« {Cut(reference)} » est dans {Cut(group)}, que le body ne montre pas autour de lui. Entourez-le d'un group avec ref=\"{Cut(group)}\".",
        $"\"{Cut(reference)}\" lies in {Cut(group)}, which the body does not show around it. Put a group with ref=\"{Cut(group)}\" around it.");

    public static Finding BadItemset(Origin origin, string nodeset) => Error("bad-itemset", origin,
        $"Les choix « {Cut(nodeset)} » ne se lisent pas : instance('liste')/root/item[filtre] est attendu, dans randomize() s'il le faut.",
        $"The choices \"{Cut(nodeset)}\" cannot be read: instance('list')/root/item[filter] is expected, inside randomize() if need be.");
}
