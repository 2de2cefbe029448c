using System.Globalization;
using Relais.Fieldwork.Forms.Checks;
using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Forms.Import;
using Relais.Kernel.Verbs;

namespace Relais.Fieldwork.Verbs;

/// <summary><c>relais form check</c>: what a questionnaire holds, and everything that is wrong with it, by sheet and cell.</summary>
internal static class FormCheckVerb
{
    private const string Usage = """
        usage: relais form check FILE [--json OUT]
          FILE        an XLSForm workbook (.xlsx, .xls) or an XForm (.xml); files that it names are looked for beside it
          --json OUT  writes the questionnaire as canonical JSON when nothing forbids to use it
        prints what the questionnaire holds and each finding with its cell, in French and English
        exit code: 0 it can be used; 1 it cannot, or the file cannot be read; 2 the call is wrong
        """;

    public static readonly Verb Verb = new("form check", "what a questionnaire holds and what is wrong with it: relais form check --help", (call, cancel) =>
        FormVerbs.RunAsync(call, "form check", Usage, () => RunAsync(call, cancel)));

    private static async Task<int> RunAsync(VerbCall call, CancellationToken cancel)
    {
        var arguments = new FormArguments(call.Arguments, "json");
        if (arguments.Files is not [var file])
            throw new FormUsageException("one FILE is wanted.");
        var folder = Path.GetDirectoryName(Path.GetFullPath(file)) ?? ".";
        // A larger file than is ever imported is not read into memory to learn that.
        if (new FileInfo(file).Length > ImportLimits.Default.FileBytes)
            throw new IOException($"{file} is larger than a questionnaire can be ({ImportLimits.Default.FileBytes / 1_048_576} MB). / Ce fichier dépasse la taille possible d'un questionnaire.");

        var import = FormImporter.Import(Path.GetFileName(file), await File.ReadAllBytesAsync(file, cancel), name => Beside(folder, name));
        if (import.Definition is { } form)
            Print(call.Out, form);
        foreach (var finding in import.Findings)
            Print(call.Out, finding);
        var (errors, warnings, notes) = (Count(import, FindingLevel.Error), Count(import, FindingLevel.Warning), Count(import, FindingLevel.Note));
        await call.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"erreurs / errors: {errors}, avertissements / warnings: {warnings}, notes: {notes}"));

        if (!import.Usable || import.Definition is null)
            return 1;
        if (arguments.Optional("json") is { } json)
            await File.WriteAllBytesAsync(json, FormJson.Write(import.Definition), cancel);
        return 0;
    }

    private static void Print(TextWriter to, FormDefinition form)
    {
        var questions = form.Questions().ToList();
        var asked = questions.Count(q => !q.Generated && q.Type is not (QuestionType.Note or QuestionType.Calculate or QuestionType.Hidden or QuestionType.Metadata or QuestionType.NotAsked) && q.Calculation is null);
        var quotas = questions.Select(q => q.Quota).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        to.WriteLine($"{form.Title} ({form.Id}{(form.Version.Length > 0 ? ", version " + form.Version : "")})");
        to.WriteLine($"langues / languages: {string.Join(", ", form.Languages.Select(l => l == form.DefaultLanguage ? l + " (par défaut / default)" : l))}");
        Line("questions posées / questions asked", asked);
        Line("textes lus ou montrés / texts read or shown", questions.Count(q => q.Type == QuestionType.Note));
        Line("calculées, cachées, automatiques / computed, hidden, automatic", questions.Count(q => q.Type is QuestionType.Calculate or QuestionType.Hidden or QuestionType.Metadata));
        Line("jamais posées au téléphone / never asked on the telephone", questions.Count(q => q.Type == QuestionType.NotAsked));
        Line("groupes / groups", form.All().OfType<FormGroup>().Count());
        Line("répétitions / repeats", form.All().OfType<FormRepeat>().Count());
        Line("listes / lists", form.Lists.Count);
        Line("réponses dans les listes / choices in lists", form.Lists.Sum(list => list.Choices.Count));
        Line("fichiers / files", form.Instances.Count(instance => instance.File is not null));
        if (quotas.Count > 0)
            to.WriteLine($"variables de quota / quota variables: {string.Join(", ", quotas)}");

        void Line(string what, int count)
        {
            if (count > 0)
                to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {count}"));
        }
    }

    private static void Print(TextWriter to, Finding finding)
    {
        var level = finding.Level switch
        {
            FindingLevel.Error => "erreur / error",
            FindingLevel.Warning => "avertissement / warning",
            FindingLevel.Note => "note",
        };
        var place = finding.Origin.ToString();
        to.WriteLine($"{(place.Length > 0 ? place : "fichier / file")}\t{level}\t{finding.Code}");
        to.WriteLine($"    {finding.Text.French}");
        to.WriteLine($"    {finding.Text.English}");
    }

    private static int Count(FormImport import, FindingLevel level) => import.Findings.Count(finding => finding.Level == level);

    /// <summary>A file of the same folder; a name with a path in it is no such file.</summary>
    private static byte[]? Beside(string folder, string name)
    {
        var path = Path.Combine(folder, Path.GetFileName(name));
        return Path.GetFileName(name) == name && File.Exists(path) && new FileInfo(path).Length <= ImportLimits.Default.FileBytes ? File.ReadAllBytes(path) : null;
    }
}
