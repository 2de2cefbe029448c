using System.Text.Json;
using Relais.Audience.Files;
using Relais.Audience.Numerics.Calibration;
using Relais.Audience.Verbs;

namespace Relais.Audience.Weighing;

/// <summary>What <c>relais weigh --report</c> writes; its members are described in docs/weighting.md. The same input gives the same bytes.</summary>
internal static class ReportFile
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n" };

    public static void Write(WholeFile file, VerbArguments arguments, WeighSample sample, CalibrationSettings settings, CalibrationOutcome outcome)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Indented))
        {
            json.WriteStartObject();
            Asked(json, arguments, sample, settings);
            switch (outcome)
            {
                case CalibrationOutcome.Met met:
                    json.WriteString("status", "met");
                    Fit(json, met.Fit);
                    Weights(json, sample, WeightReport.Of(sample.Problem, met.Weights, settings.Bounds));
                    break;
                case CalibrationOutcome.Refused refused:
                    json.WriteString("status", "refused");
                    Reasons(json, refused.Reasons, sample);
                    break;
            }

            json.WriteEndObject();
        }

        file.Write(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)).Write("\n"u8).Keep();
    }

    private static void Asked(Utf8JsonWriter json, VerbArguments arguments, WeighSample sample, CalibrationSettings settings)
    {
        json.WriteString("verb", "weigh");
        json.WriteString("version", typeof(ReportFile).Assembly.GetName().Version?.ToString(3));
        json.WriteString("sample", arguments.Required("sample"));
        json.WriteString("margins", arguments.Required("margins"));
        json.WriteNumber("respondents", sample.Ids.Count);
        if (sample.Problem.Households is { } households)
            json.WriteNumber("households", households.Max() + 1);
        json.WriteString("method", WeighSettings.NameOf(settings.Method));
        if (settings.Bounds is { } bounds)
            Bounds(json, "bounds", bounds);
        json.WriteNumber("tolerance", settings.Tolerance);
        json.WriteNumber("passes_allowed", settings.MaxPasses);
    }

    private static void Fit(Utf8JsonWriter json, CalibrationFit fit)
    {
        json.WriteStartObject("fit");
        json.WriteNumber("passes", fit.Passes);
        json.WriteNumber("largest_miss", fit.LargestMiss);
        json.WriteString("worst_total", fit.WorstColumn);
        json.WriteNumber("negative_weights", fit.NegativeWeights);
        json.WriteNumber("at_lower", fit.AtLower);
        json.WriteNumber("at_upper", fit.AtUpper);
        json.WriteStartArray("redundant");
        foreach (var column in fit.Redundant)
            json.WriteStringValue(column);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Weights(Utf8JsonWriter json, WeighSample sample, WeightReport report)
    {
        json.WriteStartObject("weights");
        json.WriteNumber("sum", report.Sum);
        json.WriteNumber("min", report.Least);
        json.WriteNumber("max", report.Most);
        json.WriteNumber("median", report.Median);
        json.WriteNumber("ratio_min", report.LeastRatio);
        json.WriteNumber("ratio_max", report.MostRatio);
        json.WriteNumber("design_effect", report.DesignEffect);
        json.WriteNumber("design_effect_before", report.DesignEffectBefore);
        json.WriteNumber("effective_size", report.EffectiveSize);
        json.WriteNumber("efficiency", report.Efficiency);
        json.WriteNumber("mass_at_lower", report.MassAtLower);
        json.WriteNumber("mass_at_upper", report.MassAtUpper);
        json.WriteStartArray("histogram");
        foreach (var bar in report.Histogram)
        {
            json.WriteStartObject();
            json.WriteNumber("from", bar.From);
            json.WriteNumber("to", bar.To);
            json.WriteNumber("respondents", bar.Respondents);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartArray("totals");
        var errors = sample.ErrorsBefore();
        for (var i = 0; i < report.Totals.Count; i++)
        {
            var line = report.Totals[i];
            json.WriteStartObject();
            json.WriteString("margin", line.Margin);
            json.WriteString("total", line.Column);
            json.WriteNumber("respondents", line.Respondents);
            json.WriteNumber("before", line.Before);
            if (errors is not null && double.IsFinite(errors[i]))
                json.WriteNumber("before_se", errors[i]);
            json.WriteNumber("target", line.Target);
            json.WriteNumber("after", line.After);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Reasons(Utf8JsonWriter json, IReadOnlyList<Refusal> reasons, WeighSample sample)
    {
        json.WriteStartArray("reasons");
        foreach (var reason in reasons)
        {
            json.WriteStartObject();
            json.WriteString("kind", JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.GetType().Name));
            json.WriteString("words", string.Join('\n', Diagnosis.Of(reason, sample.NameOf)));
            Reason(json, reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Reason(Utf8JsonWriter json, Refusal reason)
    {
        switch (reason)
        {
            case Refusal.EmptyCell empty:
                json.WriteString("total", empty.Column);
                json.WriteNumber("target", empty.Total);
                break;
            case Refusal.NoTotal none:
                json.WriteString("total", none.Column);
                json.WriteNumber("respondents", none.Respondents);
                break;
            case Refusal.ImpossibleTotal impossible:
                json.WriteString("total", impossible.Column);
                json.WriteNumber("target", impossible.Total);
                json.WriteNumber("respondents", impossible.Respondents);
                break;
            case Refusal.SumsDisagree sums:
                json.WriteString("margin", sums.Margin);
                json.WriteNumber("sum", sums.Sum);
                json.WriteString("other", sums.Other);
                json.WriteNumber("other_sum", sums.OtherSum);
                break;
            case Refusal.Contradiction contradiction:
                json.WriteString("total", contradiction.Column);
                json.WriteNumber("target", contradiction.Target);
                json.WriteNumber("implied", contradiction.Implied);
                json.WriteStartArray("others");
                foreach (var other in contradiction.Others)
                    json.WriteStringValue(other);
                json.WriteEndArray();
                break;
            case Refusal.OutOfReach reach:
                Shortfalls(json, "alone", reach.Alone);
                Shortfalls(json, "together", reach.Together);
                Opened(json, "open_both", reach.Both);
                Opened(json, "open_upper", reach.UpperOnly);
                Opened(json, "open_lower", reach.LowerOnly);
                break;
            case Refusal.NotConverged slow:
                json.WriteNumber("passes", slow.Passes);
                json.WriteString("total", slow.WorstColumn);
                if (double.IsFinite(slow.LargestMiss))
                    json.WriteNumber("largest_miss", slow.LargestMiss);
                break;
        }
    }

    private static void Shortfalls(Utf8JsonWriter json, string name, IReadOnlyList<Shortfall> shortfalls)
    {
        json.WriteStartArray(name);
        foreach (var shortfall in shortfalls)
        {
            json.WriteStartObject();
            json.WriteString("total", shortfall.Column);
            json.WriteNumber("target", shortfall.Target);
            json.WriteNumber("nearest", shortfall.Nearest);
            json.WriteNumber("before", shortfall.Before);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Opened(Utf8JsonWriter json, string name, Opening? opening)
    {
        if (opening is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        Bounds(json, "bounds", opening.Bounds);
        json.WriteNumber("precision", opening.Precision);
        json.WriteEndObject();
    }

    private static void Bounds(Utf8JsonWriter json, string name, Bounds bounds)
    {
        json.WriteStartArray(name);
        json.WriteNumberValue(bounds.Lower);
        if (double.IsFinite(bounds.Upper))
            json.WriteNumberValue(bounds.Upper);
        else
            json.WriteNullValue();
        json.WriteEndArray();
    }
}
