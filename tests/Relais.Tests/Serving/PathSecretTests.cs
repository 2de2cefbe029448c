using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Trace;

namespace Relais.Tests.Serving;

/// <summary>Relais with an OTLP collector that keeps what it is sent.</summary>
public sealed class ExportingApp : RelaisApp
{
    private readonly ConcurrentQueue<byte[]> _sent = new();
    private readonly ScopesHeard _scopes = new();
    private WebApplication? _collector;

    public string Exported => string.Concat(_sent.Select(Encoding.UTF8.GetString));

    public string Scopes => _scopes.All;

    public override async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _collector = builder.Build();
        _collector.MapPost("/{**what}", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            _sent.Enqueue(body.ToArray());
        });
        await _collector.StartAsync();
        Settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = _collector.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Settings["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        await base.InitializeAsync();
    }

    public void Flush() => Services.GetRequiredService<TracerProvider>().ForceFlush();

    protected override void Adjust(WebApplicationBuilder builder)
    {
        builder.Logging.AddProvider(_scopes);
        builder.Logging.AddFilter<ScopesHeard>(null, LogLevel.Trace);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_collector is not null)
            await _collector.DisposeAsync();
    }

    // What a log of JSON lines would write beside each line.
    private sealed class ScopesHeard : ILoggerProvider, ISupportExternalScope
    {
        private readonly ConcurrentQueue<string> _heard = new();
        private IExternalScopeProvider? _scopes;

        public string All => string.Join('\n', _heard);

        public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

        public ILogger CreateLogger(string categoryName) => new Logger(this);

        public void Dispose()
        {
        }

        private sealed class Logger(ScopesHeard to) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => to._scopes?.Push(state);

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                to._scopes?.ForEachScope(
                    static (scope, heard) =>
                    {
                        heard.Enqueue(scope?.ToString() ?? "");
                        if (scope is IEnumerable<KeyValuePair<string, object?>> pairs)
                            heard.Enqueue(string.Join(' ', pairs.Select(p => $"{p.Key}={p.Value}")));
                    },
                    to._heard);
        }
    }
}

public sealed class PathSecretTests(ExportingApp app) : IClassFixture<ExportingApp>
{
    private const string Invitation = "k3yOfAnInvitation-000000000000000000000000_0";
    private const string Link = "k3yOfALink-00000000000";

    [Theory]
    [InlineData("/invitation", Invitation)]
    [InlineData("/Invitation", Invitation + "x")]
    [InlineData("/public/traffic", Link)]
    [InlineData("/nowhere", Invitation)]
    public async Task Neither_traces_nor_log_lines_carry_the_key_that_an_address_is(string path, string key)
    {
        using var browser = app.OpenBrowser();
        using var answer = await browser.Client.GetAsync(new Uri($"{path}/{key}", UriKind.Relative));
        app.Flush();
        await Desktops.DesktopsApp.UntilAsync(() => Task.FromResult(app.Exported.Contains($"{path}/…", StringComparison.Ordinal) && app.Scopes.Contains($"{path}/…", StringComparison.Ordinal)));
        Assert.DoesNotContain(key[..20], app.Exported, StringComparison.Ordinal);
        Assert.DoesNotContain(key[..20], app.Scopes, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/people/01998f0c-6f0e-7cc2-b8a4-4a4c9f4b2a11/invite", "/people/01998f0c-6f0e-7cc2-b8a4-4a4c9f4b2a11/invite")]
    [InlineData("/public/traffic/k3yOfALink-00000000000/live", "/public/traffic/…/live")]
    [InlineData("GET /sign-in?ReturnUrl=%2Finvitation%2Fk3yOfAnInvitation-00000000000000000000", "GET /sign-in?ReturnUrl=%2Finvitation%2F…")]
    public void Ids_of_rows_stay_and_keys_go(string path, string told) => Assert.Equal(told, Relais.Host.PathSecrets.Hide(path));
}
