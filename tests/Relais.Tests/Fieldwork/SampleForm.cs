using Relais.Fieldwork.Forms.Definitions;

namespace Relais.Tests.Fieldwork;

/// <summary>A questionnaire on radio, in French and English: each kind of question once.</summary>
internal static class SampleForm
{
    public const string French = "Français (fr)";
    public const string English = "English (en)";

    public static string Json => System.Text.Encoding.UTF8.GetString(FormJson.Write(Definition));

    private static FormDefinition Definition => new()
    {
        Id = "radio",
        Title = "Écoute de la radio",
        Root = "radio",
        DefaultLanguage = French,
        Languages = [French, English],
        Items =
        [
            Question("sexe", QuestionType.SelectOne, "Vous êtes…", "Are you…") with { Choices = new ChoiceSource { List = "sexes" }, Required = True, Quota = "sexe", Read = ReadAloud.Question, Instruction = Text("Ne pas lire : coder d'après la voix en cas de doute.", "Do not read: code from the voice if in doubt.") },
            Question("age", QuestionType.WholeNumber, "Quel âge avez-vous ?", "How old are you?") with
            {
                Required = True, AnswerType = AnswerType.Whole, Constraint = Of(". >= 13 and . <= 110"), ConstraintMessage = Text("De 13 à 110 ans.", "From 13 to 110."),
                Checks = [new SoftCheck(Of(". < 100"), Text("Plus de 100 ans ?", "Over 100?"))],
            },
            Question("medias", QuestionType.SelectMultiple, "Hier, avez-vous écouté la radio…", "Yesterday, did you listen to the radio…") with { Choices = new ChoiceSource { List = "places" }, Required = True },
            Question("station", QuestionType.SelectOne, "Quelle station avez-vous écoutée en dernier ?", "Which station did you listen to last?") with { Choices = new ChoiceSource { List = "stations" }, Relevant = Of("/radio/medias != 'jamais'") },
            Question("jour", QuestionType.ListeningDay, "Racontez-moi votre journée d'hier.", "Tell me about your day yesterday.") with
            {
                Required = True, Relevant = Of("/radio/medias = 'travail'"), ListeningDay = new ListeningDay("stations", 300, 1740, 15, "lieux", "appareils", "moments"),
            },
            Question("mots", QuestionType.Text, "En quelques mots, qu'en avez-vous pensé ?", "In a few words, what did you think of it?"),
        ],
        Lists =
        [
            List("sexes", ("F", "Une femme", "A woman"), ("H", "Un homme", "A man")),
            List("places", ("maison", "à la maison", "at home"), ("voiture", "en voiture", "in the car"), ("travail", "au travail", "at work"), ("jamais", "pas du tout", "not at all"), ("?nsp", "Ne sait pas", "Does not know")),
            List("lieux", ("domicile", "Chez soi", "At home"), ("route", "En voiture", "In the car")),
            List("appareils", ("poste", "Poste de radio", "Radio set"), ("telephone", "Téléphone", "Telephone")),
            Moments,
            List("stations", [.. Enumerable.Range(1, 60).Select(i => ($"s{i}", $"Radio Exemple {i}", $"Example Radio {i}")), ("fip", "Radio Océane", "Radio Océane")]),
        ],
    };

    private static FormExpression True => Of("true()");

    private static FormQuestion Question(string name, QuestionType type, string french, string english) => new()
    {
        Name = name, Path = $"/radio/{name}", Origin = Origin.File, Type = type, TypeName = type.ToString(), Label = Text(french, english),
    };

    private static ChoiceList List(string name, params (string Name, string French, string English)[] choices) => new(
        name, [.. choices.Select(c => new Choice(c.Name.TrimStart('?'), Text(c.French, c.English), Origin.File) { DoNotRead = c.Name.StartsWith('?') })], [], Origin.File);

    // What is read aloud to remind the respondent of a part of the day.
    private static ChoiceList Moments => new("moments",
    [
        new Choice("lever", Text("Au lever, avez-vous allumé la radio ?", "When you got up, did you turn on the radio?"), Origin.File) { Columns = [new NamedValue("from", "06:00"), new NamedValue("to", "09:00")] },
        new Choice("soir", Text("Et le soir ?", "And in the evening?"), Origin.File) { Columns = [new NamedValue("from", "18:00"), new NamedValue("to", "23:00")] },
    ], ["from", "to"], Origin.File);

    private static FormText Text(string french, string english) => new(
        [new Translation(French, [TextPart.Words(french)], Origin.File), new Translation(English, [TextPart.Words(english)], Origin.File)]);

    private static FormExpression Of(string xpath) => new(xpath, Origin.File);
}
