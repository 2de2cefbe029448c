using Relais.Fieldwork.Forms.Definitions;

namespace Relais.Fieldwork.Forms.Checks;

internal static partial class Say
{
    public static Finding UnknownList(Origin origin, string list, string? nearest) => Error("unknown-list", origin,
        $"Il n'y a pas de liste « {Cut(list)} » dans la feuille choices.{MeantFr(nearest)} Ajoutez-la ou corrigez le nom.",
        $"There is no list \"{Cut(list)}\" in the sheet choices.{MeantEn(nearest)} Add it or correct the name.");

    public static Finding SelectWithoutList(Origin origin, string type) => Error("select-without-list", origin,
        $"« {type} » doit être suivi du nom d'une liste : {type} oui_non.",
        $"\"{type}\" must be followed by the name of a list: {type} yes_no.");

    public static Finding UnusedList(Origin origin, string list) => Note("unused-list", origin,
        $"Aucune question n'utilise la liste « {Cut(list)} ».",
        $"No question uses the list \"{Cut(list)}\".");

    public static Finding ChoiceWithoutList(Origin origin) => Error("choice-without-list", origin,
        "Cette réponse n'est dans aucune liste. Écrivez le nom de la liste dans « list_name ».",
        "This choice is in no list. Write the list's name in \"list_name\".");

    public static Finding ChoiceWithoutName(Origin origin, string list) => Error("choice-without-name", origin,
        $"Une réponse de la liste « {Cut(list)} » n'a pas de nom. Écrivez sa valeur dans « name ».",
        $"A choice of the list \"{Cut(list)}\" has no name. Write its value in \"name\".");

    public static Finding ChoiceWithoutLabel(Origin origin, string name) => Warning("choice-without-label", origin,
        $"La réponse « {Cut(name)} » n'a pas de label : c'est son nom qui sera lu.",
        $"The choice \"{Cut(name)}\" has no label: its name would be read.");

    public static Finding DoubleChoice(Origin origin, string list, string name, Origin first) => Error("double-choice", origin,
        $"La réponse « {Cut(name)} » est déjà dans la liste « {Cut(list)} » ({first}). Changez l'un des noms, ou permettez les doublons : settings, allow_choice_duplicates = yes.",
        $"The choice \"{Cut(name)}\" is in the list \"{Cut(list)}\" already ({first}). Change one of the names, or allow doubles: settings, allow_choice_duplicates = yes.");

    public static Finding ChoiceNameWithBlank(Origin origin, string name) => Error("choice-name-with-blank", origin,
        $"« {Cut(name)} » contient une espace : dans une réponse multiple elle se lirait comme deux réponses. Remplacez-la par « _ ».",
        $"\"{Cut(name)}\" holds a blank: in an answer of several choices it would read as two. Replace it by \"_\".");

    public static Finding OtherWithFilter(Origin origin) => Error("other-with-filter", origin,
        "or_other ne va pas avec choice_filter : « autre » n'aurait pas de valeur à filtrer. Écrivez la réponse « autre » dans la liste et sa question à la suite.",
        "or_other does not go with choice_filter: \"other\" would have no value to filter by. Write the choice \"other\" into the list, and its question behind.");

    public static Finding NotInRepeat(Origin origin, string name) => Error("not-in-repeat", origin,
        $"« {Cut(name)} » n'est pas dans une répétition : ses réponses ne peuvent pas servir de choix.",
        $"\"{Cut(name)}\" is in no repeat: its answers cannot be choices.");

    public static Finding UnknownFilterColumn(Origin origin, string column, string list) => Warning("unknown-filter-column", origin,
        $"Le filtre lit « {Cut(column)} », et aucune réponse de « {Cut(list)} » n'a cette colonne : rien ne serait retenu. Ajoutez la colonne à choices, ou mettez des apostrophes autour d'un texte.",
        $"The filter reads \"{Cut(column)}\", and no choice of \"{Cut(list)}\" has that column: nothing would be kept. Add the column to choices, or put quotation marks around a text.");
}
