namespace Relais.Desktops.Plans;

/// <summary>What there is for desktops now, for a rehearsal.</summary>
internal sealed class ReadRoom
{
    public Task<RehearsedRoom?> HandleAsync(CancellationToken cancel) => Task.FromResult<RehearsedRoom?>(null);
}
