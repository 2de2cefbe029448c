using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Relais.Telephony.Rooms;

namespace Relais.Tests.Telephony;

/// <summary>A server with a Janus of its own.</summary>
public class VoiceApp : CaseCallApp
{
    private const string Secret = "un secret de test";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("relais-janus-");
    private TestProgram? _janus;

    /// <summary>The voice server, for another server that uses it too.</summary>
    internal (string Address, string Secret) Rooms => (Settings["Telephony:Rooms:0:Address"], Settings["Telephony:Rooms:0:Secret"]);

    internal Phones Phones => Services.GetRequiredService<Phones>();

    /// <summary>The first of the voice server's two thousand ports. Above those of the softphone's tests.</summary>
    protected virtual int FirstRtp => 28_000;

    public override async ValueTask InitializeAsync()
    {
        var port = TestProgram.FreePort().ToString(CultureInfo.InvariantCulture);
        Settings["Telephony:Rooms:0:Address"] = $"http://127.0.0.1:{port}/janus";
        Settings["Telephony:Rooms:0:Secret"] = Secret;
        _janus = await TestProgram.StartAsync(
            int.Parse(port, CultureInfo.InvariantCulture), "bash", Path.Combine(Repository(), "scripts", "janus.sh"), _folder.FullName, port, Secret, FirstRtp.ToString(CultureInfo.InvariantCulture));
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_janus is not null)
            await _janus.DisposeAsync();
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }
}
