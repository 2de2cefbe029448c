using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relais.Desktops.Bundles;

namespace Relais.Desktops.Engine;

/// <summary>The engine of this node, when it has one, made ready for desktops.</summary>
internal sealed class DesktopsEngine(IOptions<DesktopsOptions> options, TimeProvider clock, ILogger<DesktopsEngine> log) : IDisposable
{
    private readonly SemaphoreSlim _setup = new(1);
    private readonly Dictionary<string, BundleKit> _kits = new(StringComparer.Ordinal);
    private EngineDescription? _description;
    private EngineClient? _client;

    /// <summary>Why there is no engine, or null when there is one or it is not known yet.</summary>
    public string? Missing { get; private set; }

    public bool IsReady { get; private set; }

    public Instances Instances => new(Client, Description);

    private EngineClient Client => _client ?? throw new InvalidOperationException("The engine is not ready.");

    private EngineDescription Description => _description ?? throw new InvalidOperationException("The engine is not ready.");

    public IPAddress AddressOf(int slot) => Description.AddressOf(slot);

    public int Slots => _description?.Slots ?? 0;

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
                Missing = why;
                return false;
            }

            _description ??= EngineDescription.Find(options.Value.Engine);
            if (_description is null)
            {
                Missing = "./relais up did not start an engine";
                return false;
            }

            _client ??= new EngineClient(_description.Socket, clock);
            await new EngineSetup(_client, _description).EnsureAsync(options.Value.PoolGiB, cancel);
            Missing = null;
            IsReady = true;
            return true;
        }
        catch (Exception e) when (e is EngineException or HttpRequestException or IOException)
        {
            DesktopsLog.EngineNotReady(log, e);
            Missing = e.Message;
            return false;
        }
        finally
        {
            _setup.Release();
        }
    }

    /// <summary>A bundle with its image and rules, in the engine.</summary>
    public async Task<BundleKit> KitAsync(string bundle, CancellationToken cancel)
    {
        await _setup.WaitAsync(cancel);
        try
        {
            if (_kits.TryGetValue(bundle, out var kit))
                return kit;
            var definition = Bundle.Read(Path.Combine(options.Value.Bundles, bundle, "bundle.json"));
            if (!options.Value.Images.TryGetValue(bundle, out var image))
                throw new InvalidDataException($"the image of {bundle} is not built yet");
            var setup = new EngineSetup(Client, Description);
            var fingerprint = await setup.EnsureImageAsync(image, cancel);
            kit = new BundleKit(definition, fingerprint, await setup.EnsureRulesAsync(definition, cancel));
            _kits[bundle] = kit;
            return kit;
        }
        finally
        {
            _setup.Release();
        }
    }

    public void Dispose()
    {
        _client?.Dispose();
        _setup.Dispose();
    }
}

/// <param name="Fingerprint">The engine's name of the image.</param>
/// <param name="Rules">The engine's name of the network rules.</param>
internal sealed record BundleKit(Bundle Bundle, string Fingerprint, string Rules);
