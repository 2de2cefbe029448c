using System.Text.Json;
using System.Text.Json.Serialization;
using Relais.Kernel.Verbs;

namespace Relais.Desktops.Verbs;

/// <summary>How the verbs of desktops answer: JSON on standard output, words on standard error. Exit code 1 when something failed, 2 when it was called wrongly.</summary>
internal static class VerbAnswers
{
    private const int UsageError = 2;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static async Task<int> AnswerAsync<T>(this VerbCall call, T answer)
    {
        await call.Out.WriteLineAsync(JsonSerializer.Serialize(answer, Json));
        return 0;
    }

    public static async Task<int> FailAsync(this VerbCall call, string what)
    {
        await call.Error.WriteLineAsync($"relais: {what}");
        return 1;
    }

    public static async Task<int> UsageAsync(this VerbCall call, string usage)
    {
        await call.Error.WriteLineAsync($"usage: relais {usage}");
        return UsageError;
    }
}
