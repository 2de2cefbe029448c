using Relais.Audience.Files;
using Relais.Kernel.Verbs;

namespace Relais.Audience.Verbs;

/// <summary>How verbs of files end: exit code 0 done, 1 a file cannot be used, 2 the call is wrong, each in words on the error stream.</summary>
internal static class FileVerb
{
    private const int BadInput = 1;
    private const int UsageError = 2;

    public static async Task<int> RunAsync(VerbCall call, string name, string usage, Func<int> run)
    {
        if (call.Arguments is [] or ["--help"] or ["help"])
        {
            await (call.Arguments is [] ? call.Error : call.Out).WriteLineAsync(usage);
            return call.Arguments is [] ? UsageError : 0;
        }

        try
        {
            return run();
        }
        catch (UsageException e)
        {
            await call.Error.WriteLineAsync($"relais {name}: {e.Message}.\nrelais {name} --help shows how to call it.");
            return UsageError;
        }
        catch (BadFileException e)
        {
            await call.Error.WriteLineAsync($"relais {name}: {e.Message}");
            return BadInput;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await call.Error.WriteLineAsync($"relais {name}: {e.Message}");
            return BadInput;
        }
        catch (OperationCanceledException)
        {
            await call.Error.WriteLineAsync($"relais {name}: interrupted; nothing was written.");
            return BadInput;
        }
    }
}
