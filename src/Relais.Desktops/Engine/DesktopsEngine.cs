using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relais.Desktops.Bundles;
using Relais.Gateway.Contracts;

namespace Relais.Desktops.Engine;

/// <summary>The engine of this node, when it has one, made ready for desktops.</summary>
internal sealed class DesktopsEngine(
    IOptions<DesktopsOptions> options, TimeProvider clock, ILogger<DesktopsEngine> log, ServerCertificate? certificate = null) : IDisposable
{
    private readonly SemaphoreSlim _setup = new(1);
    private readonly Dictionary<string, BundleKit> _kits = new(StringComparer.Ordinal);
    private EngineDescription? _description;
    private EngineClient? _client;

    /// <summary>Why there is no engine, or null when there is one or it is not known yet.</summary>
    public EngineAbsence? Missing { get; private set; }

    public bool IsReady { get; private set; }

    public Instances Instances => new(Client, Description);

    private EngineClient Client => _client ?? throw new InvalidOperationException("The engine is not ready.");

    private EngineDescription Description => _description ?? throw new InvalidOperationException("The engine is not ready.");

    public IPAddress AddressOf(int slot) => Description.AddressOf(slot);

    /// <summary>The desktop's own settings file.</summary>
    public string SettingsOf(int slot, string language, string keyboard, string password) =>
        DesktopSettings.Write(AddressOf(slot), Description, language, keyboard, password, options.Value.Portal);

    /// <summary>The authority that a desktop's browser must trust to see the portal; null when the world's own will do, or there is no way there.</summary>
    public byte[]? Authority => options.Value.Portal is null || certificate?.Authority is not { } authority
        ? null
        : System.Text.Encoding.ASCII.GetBytes(authority.ExportCertificatePem());

    public int Slots => _description?.Slots ?? 0;

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

            _client ??= new EngineClient(_description.Socket, clock);
            await new EngineSetup(_client, _description, options.Value.Portal).EnsureAsync(options.Value.PoolGiB, Read(options.Value.DefaultBundle), cancel);
            // Now, and not when the first person waits for it: an image of some hundred megabytes takes ten seconds.
            foreach (var bundle in options.Value.Images.Keys)
                await ImportAsync(bundle, cancel);
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

    /// <summary>A bundle with its image and rules, in the engine.</summary>
    public async Task<BundleKit> KitAsync(string bundle, CancellationToken cancel)
    {
        await _setup.WaitAsync(cancel);
        try
        {
            return await ImportAsync(bundle, cancel);
        }
        finally
        {
            _setup.Release();
        }
    }

    private async Task<BundleKit> ImportAsync(string bundle, CancellationToken cancel)
    {
        if (_kits.TryGetValue(bundle, out var kit))
            return kit;
        var definition = Read(bundle);
        if (!options.Value.Images.TryGetValue(bundle, out var image))
            throw new InvalidDataException($"the image of {bundle} is not built yet");
        kit = new BundleKit(definition, await new EngineSetup(Client, Description, options.Value.Portal).EnsureImageAsync(image, cancel));
        _kits[bundle] = kit;
        return kit;
    }

    /// <summary>What a bundle is, whether or not the engine has its image.</summary>
    public Bundle Read(string bundle) => Bundle.Read(Path.Combine(options.Value.Bundles, bundle, "bundle.json"));

    public void Dispose()
    {
        _client?.Dispose();
        _setup.Dispose();
    }
}

/// <param name="Fingerprint">The engine's name of the image.</param>
internal sealed record BundleKit(Bundle Bundle, string Fingerprint);
