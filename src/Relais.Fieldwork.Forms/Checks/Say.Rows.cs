using Relais.Fieldwork.Forms.Definitions;

namespace Relais.Fieldwork.Forms.Checks;

internal static partial class Say
{
    public static Finding RowWithoutType(Origin origin) => Error("row-without-type", origin,
        "Cette ligne n'a pas de type. Écrivez-le dans la colonne « type », ou videz la ligne.",
        "This row has no type. Write it in the column \"type\", or empty the row.");

    public static Finding UnknownType(Origin origin, string type, string? nearest) => Error("unknown-type", origin,
        $"Le type « {Cut(type)} » n'existe pas.{MeantFr(nearest)}",
        $"There is no type \"{Cut(type)}\".{MeantEn(nearest)}");

    public static Finding UnsupportedType(Origin origin, string type) => Error("unsupported-type", origin,
        $"Le type « {Cut(type)} » n'est pas pris en charge. Remplacez une boucle (loop) par un « begin repeat » ; supprimez les autres.",
        $"The type \"{Cut(type)}\" is not supported. Replace a loop by \"begin repeat\"; remove others.");

    public static Finding NotOnTheTelephone(Origin origin, string type) => Warning("not-on-the-telephone", origin,
        $"Une question « {Cut(type)} » ne se pose pas au téléphone : elle garde sa place dans les données, n'est jamais posée et reste vide.",
        $"A question of type \"{Cut(type)}\" cannot be asked on the telephone: it keeps its place in the data, is never asked and stays empty.");

    public static Finding MetadataEmpty(Origin origin, string type) => Note("metadata-empty", origin,
        $"« {Cut(type)} » n'a pas de sens ici, ou mêlerait numéros et réponses : la variable reste vide.",
        $"\"{Cut(type)}\" makes no sense here, or would mix numbers with answers: the variable stays empty.");

    public static Finding WithoutName(Origin origin, string type) => Error("missing-name", origin,
        $"Cette ligne « {Cut(type)} » n'a pas de nom. Écrivez-en un dans la colonne « name ».",
        $"This row of type \"{Cut(type)}\" has no name. Write one in the column \"name\".");

    public static Finding BadName(Origin origin, string name, string proposal) => Error("bad-name", origin,
        $"« {Cut(name)} » ne peut pas être un nom : lettres, chiffres, « _ », « - » et « . », sans espace, en commençant par une lettre ou « _ ». Proposition : {Cut(proposal)}.",
        $"\"{Cut(name)}\" cannot be a name: letters, digits, \"_\", \"-\" and \".\", no blank, starting with a letter or \"_\". Proposal: {Cut(proposal)}.");

    public static Finding DoubleName(Origin origin, string name, Origin first) => Error("double-name", origin,
        $"Le nom « {Cut(name)} » est déjà pris dans le même groupe ({first}). Renommez l'un des deux.",
        $"The name \"{Cut(name)}\" is taken in the same group already ({first}). Rename one of them.");

    public static Finding NotEnded(Origin origin, string type, string name) => Error("not-ended", origin,
        $"« {type} » {Cut(name)} n'est pas terminé. Ajoutez la ligne « {type.Replace("begin", "end", StringComparison.Ordinal)} » à sa fin.",
        $"\"{type}\" {Cut(name)} is not ended. Add the row \"{type.Replace("begin", "end", StringComparison.Ordinal)}\" where it ends.");

    public static Finding NothingToEnd(Origin origin, string type) => Error("nothing-to-end", origin,
        $"« {type} » ne termine rien. Supprimez la ligne ou ajoutez le début correspondant.",
        $"\"{type}\" ends nothing. Remove the row or add what it should end.");

    public static Finding EndsAnother(Origin origin, string type, string open, string name, Origin begun) => Error("ends-another", origin,
        $"« {type} » ne correspond pas à « {open} » {Cut(name)} ouvert en {begun}. Terminez d'abord celui-ci.",
        $"\"{type}\" does not match \"{open}\" {Cut(name)} begun at {begun}. End that one first.");

    public static Finding TooDeep(Origin origin, int depth) => Error("too-deep", origin,
        $"Plus de {depth} niveaux imbriqués. Aplatissez les groupes.",
        $"More than {depth} levels inside each other. Flatten the groups.");

    public static Finding WithoutLabel(Origin origin, string name, bool onlyPicture) => onlyPicture
        ? Warning("missing-label", origin,
            $"« {Cut(name)} » n'a qu'une image ou un son : rien ne peut être lu au téléphone. Écrivez un label.",
            $"\"{Cut(name)}\" has only a picture or sound: nothing can be read on the telephone. Write a label.")
        : Error("missing-label", origin,
            $"« {Cut(name)} » n'a ni label ni hint : l'enquêteur n'aurait rien à lire. Écrivez un label.",
            $"\"{Cut(name)}\" has neither label nor hint: the interviewer would have nothing to read. Write a label.");

    public static Finding WithoutCalculation(Origin origin, string name) => Error("missing-calculation", origin,
        $"Le calcul « {Cut(name)} » n'a pas d'expression. Écrivez-la dans la colonne « calculation ».",
        $"The calculation \"{Cut(name)}\" has no expression. Write it in the column \"calculation\".");

    public static Finding Trigger(Origin origin) => Error("trigger", origin,
        "La colonne « trigger » n'est pas prise en charge : un calcul est refait dès que ce qu'il lit change. Videz la cellule, ou utilisez once().",
        "The column \"trigger\" is not supported: a calculation is made anew whenever what it reads changes. Empty the cell, or use once().");

    public static Finding SearchAppearance(Origin origin) => Error("search-appearance", origin,
        "L'apparence search() n'est pas prise en charge. Utilisez select_one_from_file avec un choice_filter.",
        "The appearance search() is not supported. Use select_one_from_file with a choice_filter.");

    public static Finding MessageWithoutCheck(Origin origin) => Warning("message-without-check", origin,
        "Un message sans contrôle : écrivez l'expression dans « relais::check ».",
        "A message without a check: write the expression in \"relais::check\".");

    public static Finding SeedWithoutOrder(Origin origin) => Warning("seed-without-order", origin,
        "Une graine sans ordre : écrivez random ou rotate dans « relais::order ».",
        "A seed without an order: write random or rotate in \"relais::order\".");

    public static Finding SeedWithoutRandomize(Origin origin) => Warning("seed-without-randomize", origin,
        "Le paramètre seed n'a pas d'effet sans randomize=true.",
        "The parameter seed has no effect without randomize=true.");

    public static Finding TwoOrders(Origin origin) => Error("two-orders", origin,
        "randomize et « relais::order » se contredisent. Gardez l'un des deux ; relais::order enregistre l'ordre utilisé.",
        "randomize and \"relais::order\" contradict each other. Keep one of them; relais::order records the order used.");
}
