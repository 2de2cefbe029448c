using Relais.Access.Contracts;

namespace Relais.Tests.Traffic;

/// <summary>A server whose history holds the sample log and connections.</summary>
public sealed class HistoryApp : RelaisApp
{
    private readonly TrafficFiles _files = new();

    public HistoryApp() => Settings["Traffic:History:Folder"] = _files.History;

    public TestPerson Reader { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        Assert.Equal(0, (await _files.ImportAsync(TrafficFiles.Reference("apache_combined_10k.log.gz"), "--site", "exemple.fr")).Code);
        Assert.Equal(0, (await _files.ImportAsync(TrafficFiles.Reference("connections.csv"))).Code);
        await base.InitializeAsync();
        Reader = await this.AddPersonAsync(Roles.Reader);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _files.Dispose();
    }
}
