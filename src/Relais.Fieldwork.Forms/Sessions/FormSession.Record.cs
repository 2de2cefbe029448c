using System.Text.Encodings.Web;
using System.Text.Json;
using Relais.Fieldwork.Forms.Definitions;

namespace Relais.Fieldwork.Forms.Sessions;

/// <summary>The record: what is kept of an interview.</summary>
public sealed partial class FormSession
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// The record as JSON in UTF-8, always the same bytes for the same start and events: <c>answers</c> by path in the order of the form,
    /// without what is irrelevant, empty, or comes after the end; <c>orders</c> of choices that were shuffled; what was confirmed and
    /// remarked.
    /// </summary>
    /// <param name="withTimes">Also when each question was last answered.</param>
    public byte[] Record(bool withTimes = false)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            var steps = Steps();
            var all = Values.Top.SelectMany(top => top.Below()).ToList();
            var reached = steps.SelectMany(step => step.Questions).ToHashSet();
            json.WriteStartObject();
            json.WriteString("form", Program.Form.Id);
            json.WriteString("version", Program.Form.Version);
            json.WriteNumber("seed", Begun.Seed);
            json.WriteString("language", Language);
            json.WriteString("started", Stamp(Begun.At));
            json.WriteString("changed", Stamp(_last));
            json.WriteBoolean("complete", Problems().Count == 0);
            if (_disposition is { } outcome)
                json.WriteString("disposition", outcome);
            json.WriteStartObject("answers");
            foreach (var live in all)
            {
                if (InRecord(live, reached))
                    json.WriteString(live.Node.Path(), live.Node.Text);
            }

            json.WriteEndObject();
            WriteOrders(json, all, reached);
            WriteTexts(json, "passes", all.Where(live => live.IsRepeat && live.Relevant && live.Passes > 0)
                .Select(live => (live.Node.Path(), live.Passes.ToString(System.Globalization.CultureInfo.InvariantCulture))));
            json.WriteStartArray("confirmed");
            foreach (var live in all.Where(live => live.Relevant && _checks.IsConfirmed(live)))
                json.WriteStringValue(live.Node.Path());
            json.WriteEndArray();
            WriteTexts(json, "comments", all.Where(live => _comments.GetValueOrDefault(live, "").Length > 0).Select(live => (live.Node.Path(), _comments[live])));
            if (withTimes)
                WriteTexts(json, "times", all.Where(_answered.ContainsKey).Select(live => (live.Node.Path(), Stamp(_answered[live]))));
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static bool InRecord(Live live, HashSet<Live> reached) =>
        live is { Relevant: true, IsPass: false, Item.HasNode: true, Item.Question: { Type: not QuestionType.Note }, Node.Text.Length: > 0 } && (!live.Item.IsShown || reached.Contains(live));

    // What was offered in another order than the list's and has no hidden item of its own to say so.
    private void WriteOrders(Utf8JsonWriter json, List<Live> all, HashSet<Live> reached) => WriteTexts(json, "orders", all
        .Where(live => live.Item.Question?.Choices is { Randomize: true } && reached.Contains(live))
        .Select(live => (live.Node.Path(), string.Join(' ', _offers.For(live).Select(offer => offer.Name)))));

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<(string Path, string Text)> texts)
    {
        json.WriteStartObject(name);
        foreach (var (path, text) in texts)
            json.WriteString(path, text);
        json.WriteEndObject();
    }
}
