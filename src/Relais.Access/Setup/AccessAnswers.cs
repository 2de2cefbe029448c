using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using Relais.Access.Conditions;
using Relais.Kernel.Verbs;

namespace Relais.Access.Setup;

/// <summary>What verbs of people and groups say.</summary>
internal static class AccessAnswers
{
    public const string NoGroup = "there is no group of that name. Those that there are: relais groups list";

    public static async Task<int> WriteAsync<T>(VerbCall call, T answer)
    {
        await call.Out.WriteLineAsync(JsonSerializer.Serialize(answer, RuleVerbs.Json));
        return 0;
    }

    public static async Task<int> FailAsync(VerbCall call, string what)
    {
        await call.Error.WriteLineAsync($"relais: {what}");
        return 1;
    }

    public static async Task<int> RefusedAsync(VerbCall call, IServiceProvider services, string what, Answer.Refused refused)
    {
        var text = services.GetRequiredService<IStringLocalizer<AccessTexts>>();
        foreach (var fault in refused.Faults)
            await call.Error.WriteLineAsync($"relais: {what}: {(fault.Field.Length > 0 ? $"{fault.Field}: " : "")}{fault.In(text)}");
        return 1;
    }
}
