using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relais.Desktops.Bundles;
using Relais.Desktops.Capacity;
using Relais.Desktops.Transfer;
using Relais.Gateway.Contracts;

namespace Relais.Desktops.Engine;

/// <summary>The engine of this node, when it has one, made ready for desktops.</summary>
internal sealed class DesktopsEngine(
    IOptions<DesktopsOptions> options, BundleCatalog catalog, TimeProvider clock, ILogger<DesktopsEngine> log, ServerCertificate? certificate = null) : IDisposable
{
    // Machines come and go, and their memory does not change.
    private static readonly TimeSpan MemoryKept = TimeSpan.FromSeconds(30);

    private static readonly HashSet<int> NoSlots = [];

    private readonly SemaphoreSlim _setup = new(1);
    private readonly Dictionary<string, string> _fingerprints = new(StringComparer.Ordinal);
    private IReadOnlyList<(ClusterMember Member, long MemoryMiB)>? _memory;
    private long _memoryRead;
    private string? _held;
    private bool _rulesRefused;
    private EngineDescription? _description;
    private EngineClient? _client;

    /// <summary>Why there is no engine, or null when there is one or it is not known yet.</summary>
    public EngineAbsence? Missing { get; private set; }

    public bool IsReady { get; private set; }

    public Instances Instances => new(Client, Description);

    public HomeFiles Files => new(Client);

    public PrintSpool Prints => new(Client);

    public ClusterMembers Members => new(Client, Description);

    public RunningSettings RunningSettings => new(Client);

    private EngineClient Client => _client ?? throw new InvalidOperationException("The engine is not ready.");

    private EngineDescription Description => _description ?? throw new InvalidOperationException("The engine is not ready.");

    public IPAddress AddressOf(int slot) => Description.AddressOf(slot);

    /// <summary>The desktop's own settings file.</summary>
    public string SettingsOf(int slot, string language, string keyboard, string password, bool prints) =>
        DesktopSettings.Write(AddressOf(slot), Description, language, keyboard, password, options.Value.Portal, prints);

    /// <summary>The authority that a desktop's browser must trust to see the portal; null when the world's own will do, or there is no way there.</summary>
    public byte[]? Authority => options.Value.Portal is null || certificate?.Authority is not { } authority
        ? null
        : System.Text.Encoding.ASCII.GetBytes(authority.ExportCertificatePem());

    public int Slots => _description?.Slots ?? 0;

    /// <summary>What each machine that answers may promise to desktops; nothing is promised in it yet. One machine alone has no name.</summary>
    public async Task<IReadOnlyList<MemberRoom>> RoomsAsync(CancellationToken cancel)
    {
        if (_memory is null || clock.GetElapsedTime(_memoryRead) > MemoryKept)
            (_memory, _memoryRead) = (await MemoryAsync(cancel), clock.GetTimestamp());
        var budgets = FleetCapacity.BudgetsOf([.. _memory.Select(m => m.MemoryMiB)], options.Value);
        return [.. _memory.Zip(budgets, (m, budget) => new MemberRoom(m.Member.Target is null ? "" : m.Member.Name, budget, 0, m.Member.IsOpen))];
    }

    /// <summary>A machine came or went: what it has is not taken from memory.</summary>
    public void LookAtMembersAgain() => _memory = null;

    private async Task<IReadOnlyList<(ClusterMember Member, long MemoryMiB)>> MemoryAsync(CancellationToken cancel)
    {
        List<(ClusterMember, long)> memory = [];
        foreach (var member in (await ClusterMembers.ReadAsync(Client, cancel)).Where(m => m.Answers))
        {
            try
            {
                memory.Add((member, await ReadCapacity.MemoryAsync(Client, member, cancel)));
            }
            catch (EngineException) when (member.Target is not null)
            {
                // Gone a moment ago: the others have not noticed yet.
            }
        }

        return memory;
    }

    /// <summary>The desktops' own network, when there is an engine.</summary>
    public IPNetwork? Network => (_description ?? EngineDescription.Find(options.Value.Engine))?.Network;

    /// <summary>Sets the engine up, once; false when there is none or it does not answer.</summary>
    public async Task<bool> ReadyAsync(CancellationToken cancel)
    {
        if (IsReady)
            return true;
        await _setup.WaitAsync(cancel);
        try
        {
            if (options.Value.EngineMissing is { Length: > 0 } why)
            {
                Missing = EngineAbsence.Parse(why);
                return false;
            }

            _description ??= EngineDescription.Find(options.Value.Engine);
            if (_description is null)
            {
                Missing = EngineAbsence.NotStarted;
                return false;
            }

            _client ??= new EngineClient(_description.Doors, clock);
            await new EngineSetup(_client, _description, options.Value.Portal).EnsureAsync(options.Value.PoolGiB, Read(options.Value.DefaultBundle).Egress.TcpPorts, cancel);
            // Now, and not when the first person waits for it: an image of some hundred megabytes takes ten seconds.
            foreach (var folder in options.Value.Images.Values)
                await EnsureImageAsync(folder, cancel);
            Missing = null;
            IsReady = true;
            return true;
        }
        catch (Exception e) when (e is EngineException or HttpRequestException or IOException or InvalidDataException)
        {
            DesktopsLog.EngineNotReady(log, e);
            Missing = new EngineAbsence("engine", e.Message);
            return false;
        }
        finally
        {
            _setup.Release();
        }
    }

    /// <summary>Brings an image into the engine, unless it is there; gives the engine's name of it.</summary>
    /// <param name="folder">Where the build script put it.</param>
    public async Task<string> ImportAsync(string folder, CancellationToken cancel)
    {
        await _setup.WaitAsync(cancel);
        try
        {
            return await EnsureImageAsync(folder, cancel);
        }
        finally
        {
            _setup.Release();
        }
    }

    /// <summary>Holds each desktop to the ports of its bundle. Costs nothing when nothing changed.</summary>
    /// <returns>Places whose desktops must not start now: the rules in force would let them out further than their bundles do.</returns>
    public async Task<IReadOnlySet<int>> HoldRulesAsync(IEnumerable<(int Slot, string Bundle)> desktops, CancellationToken cancel)
    {
        var ports = new Dictionary<string, string>(StringComparer.Ordinal);
        // A cluster takes no other rules while a member is away: there an address that none names goes nowhere, so that what starts meanwhile has less, never more.
        var usual = Description.Uplink is null ? Read(options.Value.DefaultBundle).Egress.TcpPorts : "";
        var all = desktops.Select(d => (d.Slot, Address: AddressOf(d.Slot), Ports: PortsOf(d.Bundle, ports))).ToList();
        var groups = all
            .Where(d => d.Ports != usual)
            .GroupBy(d => d.Ports, d => d.Address, StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new EgressGroup(g.Key, [.. g]))
            .ToList();
        var wanted = $"{usual} {string.Join(' ', groups.Select(g => $"{g.TcpPorts}:{string.Join(',', g.Addresses.Order(AddressOrder.Instance))}"))}";
        if (_held == wanted)
            return NoSlots;
        var setup = new EngineSetup(Client, Description, options.Value.Portal);
        try
        {
            await setup.EnsureRulesAsync(usual, groups, cancel);
            (_held, _rulesRefused) = (wanted, false);
            return NoSlots;
        }
        catch (EngineException e) when (Description.Uplink is not null)
        {
            if (!_rulesRefused)
                DesktopsLog.RulesNotChanged(log, e);
            _rulesRefused = true;
            var inForce = await setup.PortsInForceAsync(cancel);
            return all.Where(d => !EgressGroup.IsWithin(inForce.GetValueOrDefault(d.Address.ToString(), ""), d.Ports)).Select(d => d.Slot).ToHashSet();
        }
    }

    // A definition that cannot be read opens nothing.
    private string PortsOf(string bundle, Dictionary<string, string> known)
    {
        if (!known.TryGetValue(bundle, out var ports))
            known[bundle] = ports = catalog.Find(bundle)?.Egress.TcpPorts ?? "";
        return ports;
    }

    private async Task<string> EnsureImageAsync(string folder, CancellationToken cancel)
    {
        if (!_fingerprints.TryGetValue(folder, out var fingerprint))
            _fingerprints[folder] = fingerprint = await new EngineSetup(Client, Description, options.Value.Portal).EnsureImageAsync(folder, cancel);
        return fingerprint;
    }

    /// <summary>What a bundle is, whether or not the engine has its image.</summary>
    /// <exception cref="InvalidDataException">There is none of that name, or it is wrong.</exception>
    public Bundle Read(string bundle) => catalog.Get(bundle);

    /// <summary>The same; null when there is none of that name, or it is wrong.</summary>
    public Bundle? Find(string bundle) => catalog.Find(bundle);

    public void Dispose()
    {
        _client?.Dispose();
        _setup.Dispose();
    }
}
