using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Relais.Fieldwork.Forms.Checks;
using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Forms.Import;
using Relais.Fieldwork.Forms.Sessions;
using Relais.Kernel.Verbs;

namespace Relais.Fieldwork.Verbs;

/// <summary><c>relais form run</c>: walks a questionnaire with answers from a file.</summary>
internal static class FormRunVerb
{
    /// <summary>An answer is missing or refused.</summary>
    private const int Stopped = 3;

    private const int BadInput = 1;

    private const string Usage = """
        usage: relais form run FILE --answers ANSWERS.json [OPTIONS]
          FILE               an XLSForm workbook (.xlsx, .xls) or an XForm (.xml); tables it names are looked for beside it
          --answers A.json   { "name": "value", "/form/path": 3, "/form/child[2]/name": "..." }; a list answers the times round a
                             repeat in turn; the number given for an open repeat says how often it is gone round
          --seed N           where chance begins (1)
          --language L       the language asked in, by name or code (the form's default)
          --at T             when the interview begins (2026-01-05T10:00:00+01:00)
          --times            also when each question was answered, in the record
        prints a line of JSON for each question asked: asked (its path), label, answer (as stored), confirmed (doubts that were
        confirmed); and last the record, as "record". The same call prints the same bytes.
        exit code: 0 the end was reached; 1 a file cannot be used; 2 the call is wrong; 3 an answer is missing or refused: the error
        stream names the question
        """;

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static readonly Verb Verb = new("form run", "walk a questionnaire with given answers: relais form run --help", (call, cancel) =>
        FormVerbs.RunAsync(call, "form run", Usage, () => RunAsync(call, cancel)));

    private static async Task<int> RunAsync(VerbCall call, CancellationToken cancel)
    {
        var times = call.Arguments.Contains("--times", StringComparer.Ordinal);
        var arguments = new FormArguments([.. call.Arguments.Where(argument => argument != "--times")], "answers", "seed", "language", "at");
        if (arguments.Files is not [var file])
            throw new FormUsageException("one questionnaire is wanted.");
        var given = arguments.Optional("answers") ?? throw new FormUsageException("--answers is missing.");
        var start = Start(arguments);
        if (await ProgramAsync(call, file, cancel) is not { } program)
            return BadInput;
        if (await AnswersAsync(call, given, cancel) is not { } document)
            return BadInput;

        using (document)
        {
            var answers = new GivenAnswers(document.RootElement);
            var session = FormSession.Start(program, start);
            if (start.Language is { } language && session.Language != language && !session.Language.Contains(language, StringComparison.OrdinalIgnoreCase))
                throw new FormUsageException($"the form has no language {language}; it has: {string.Join(", ", program.Form.Languages)}.");
            var stopped = FormScript.Walk(session, question => answers.Find(question.Path), path => answers.Passes(path, QuestionsIn(program, path)), line => Print(call.Out, line));
            foreach (var unused in answers.Unused)
                await call.Error.WriteLineAsync($"relais form run: nothing asked for \"{unused}\".");
            foreach (var (whose, error) in session.Faults)
                await call.Error.WriteLineAsync($"relais form run: {whose} has no value: {error.Message}");
            if (stopped is not null)
            {
                await call.Error.WriteLineAsync($"relais form run: {stopped.Path}: {stopped.Text} ({(stopped.Kind == ProblemKind.Missing ? "no answer is given" : $"\"{answers.Find(stopped.Path)}\" is refused")})");
                return Stopped;
            }

            await call.Out.WriteLineAsync($$"""{"record":{{Encoding.UTF8.GetString(session.Record(times))}}}""");
            return 0;
        }
    }

    private static SessionStart Start(FormArguments arguments)
    {
        var seed = arguments.Optional("seed") ?? "1";
        var at = arguments.Optional("at") ?? "2026-01-05T10:00:00+01:00";
        return new SessionStart(
            long.TryParse(seed, CultureInfo.InvariantCulture, out var number) ? number : throw new FormUsageException($"--seed {seed} is no whole number."),
            DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : throw new FormUsageException($"--at {at} is no time."))
        {
            Language = arguments.Optional("language"),
        };
    }

    private static async Task<FormProgram?> ProgramAsync(VerbCall call, string file, CancellationToken cancel)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(file)) ?? ".";
        var import = FormImporter.Import(Path.GetFileName(file), await File.ReadAllBytesAsync(file, cancel), name => Beside(folder, name));
        var program = import.Definition is { } form ? FormProgram.Compile(form) : null;
        var usable = import.Usable && program is { Usable: true };
        foreach (var finding in import.Findings.Concat(program?.Findings ?? []).Where(finding => finding.Level == FindingLevel.Error))
            await call.Error.WriteLineAsync($"relais form run: {file}: {finding.Origin}: {finding.Text.English}");
        return usable ? program : null;
    }

    // Only a plain name beside the questionnaire: a form must not read other files of the machine.
    private static byte[]? Beside(string folder, string name) =>
        name == Path.GetFileName(name) && File.Exists(Path.Combine(folder, name)) ? File.ReadAllBytes(Path.Combine(folder, name)) : null;

    private static async Task<JsonDocument?> AnswersAsync(VerbCall call, string file, CancellationToken cancel)
    {
        try
        {
            var document = JsonDocument.Parse(await File.ReadAllBytesAsync(file, cancel));
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return document;
            document.Dispose();
            await call.Error.WriteLineAsync($"relais form run: {file} is no JSON object of answers.");
        }
        catch (JsonException e)
        {
            await call.Error.WriteLineAsync($"relais form run: {file} is no JSON: {e.Message}");
        }

        return null;
    }

    private static IEnumerable<string> QuestionsIn(FormProgram program, string path)
    {
        var plain = string.Join('/', path.Split('/').Select(step => step.Split('[')[0]));
        return program.Form.Questions().Select(question => question.Path ?? "").Where(question => question.StartsWith($"{plain}/", StringComparison.Ordinal));
    }

    private static void Print(TextWriter to, ScriptLine line)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            json.WriteString("asked", line.Question.Path);
            json.WriteString("label", line.Question.Label);
            if (line.Question.Definition.Type != QuestionType.Note)
                json.WriteString("answer", line.Stored);
            if (line.Confirmed.Count > 0)
            {
                json.WriteStartArray("confirmed");
                foreach (var doubt in line.Confirmed)
                    json.WriteStringValue(doubt.Text);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        to.WriteLine(Encoding.UTF8.GetString(buffer.ToArray()));
    }
}
