using Microsoft.Extensions.DependencyInjection;
using Relais.Kernel.Verbs;

namespace Relais.Kernel.Audit;

/// <summary><c>relais audit verify</c>: exit code 0 when the chain is whole, 1 when it is broken.</summary>
internal static class VerifyAudit
{
    public static readonly Verb Verb = new("audit verify", "check the audit chain and say where it breaks", Run);

    private static async Task<int> Run(VerbCall call, CancellationToken cancel)
    {
        await using var scope = call.Services.CreateAsyncScope();
        var check = await AuditChain.VerifyAsync(scope.ServiceProvider.GetRequiredService<KernelDb>(), cancel);
        switch (check)
        {
            case ChainCheck.Whole whole:
                await call.Out.WriteLineAsync($"audit chain whole: {whole.Lines} lines, head {whole.HeadHash}");
                return 0;
            case ChainCheck.Broken broken:
                await call.Out.WriteLineAsync($"audit chain BROKEN at line {broken.Seq}: {Say(broken.Fault)}");
                return 1;
            default:
                throw new InvalidOperationException($"unknown outcome {check}");
        }
    }

    private static string Say(ChainFault fault) => fault switch
    {
        ChainFault.Missing => "the line is missing",
        ChainFault.Altered => "its content was changed after it was written",
        ChainFault.Detached => "it does not follow from the line before",
        ChainFault.Truncated => "lines at the end were removed",
    };
}
