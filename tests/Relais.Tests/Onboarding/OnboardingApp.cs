using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using MimeKit;
using Npgsql;
using Relais.Access.Contracts;
using SmtpServer;
using SmtpServer.Mail;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace Relais.Tests.Onboarding;

/// <summary>A server with a mail server of its own, which the test stops, starts, and tells whom to refuse.</summary>
public sealed class OnboardingApp : RelaisApp
{
    private readonly int _port = TestProgram.FreePort();
    private readonly Mailboxes _mailboxes = new();
    private SmtpServer.SmtpServer? _mailServer;
    private CancellationTokenSource _stop = new();
    private Task _serving = Task.CompletedTask;

    public OnboardingApp()
    {
        Settings["Smtp:Host"] = "127.0.0.1";
        Settings["Smtp:Port"] = _port.ToString(CultureInfo.InvariantCulture);
        Settings["Smtp:Security"] = "None";
        Settings["Smtp:From"] = "relais@institut.example";
        Settings["Desktops:Bundles"] = Path.Combine(Repository(), "bundles");
    }

    /// <summary>Addresses that the mail server does not know.</summary>
    public ConcurrentDictionary<string, bool> Unknown => _mailboxes.Unknown;

    public override async ValueTask InitializeAsync()
    {
        StartMailServer();
        await base.InitializeAsync();
    }

    public void StartMailServer()
    {
        _stop = new CancellationTokenSource();
        var services = new SmtpServer.ComponentModel.ServiceProvider();
        services.Add((IMessageStore)_mailboxes.Store);
        services.Add((IMailboxFilter)_mailboxes);
        _mailServer = new SmtpServer.SmtpServer(
            new SmtpServerOptionsBuilder().ServerName("localhost").Endpoint(e => e.Endpoint(new IPEndPoint(IPAddress.Loopback, _port))).Build(), services);
        _serving = _mailServer.StartAsync(_stop.Token);
    }

    public async Task StopMailServerAsync()
    {
        await _stop.CancelAsync();
        await _serving.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    /// <summary>The next mail to this address.</summary>
    public async Task<MimeMessage> MailToAsync(string address)
    {
        var box = _mailboxes.Store.Of(address);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        return await box.Reader.ReadAsync(patience.Token);
    }

    public bool HasMailFor(string address) => _mailboxes.Store.Of(address).Reader.TryPeek(out _);

    /// <summary>Has the waiting events looked at now, as the clock stands.</summary>
    public async Task WakeAsync()
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var notify = new NpgsqlCommand("NOTIFY relais_outbox", connection);
        await notify.ExecuteNonQueryAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await StopMailServerAsync();
        _stop.Dispose();
    }

    private sealed class Mailboxes : MailboxFilter
    {
        public ConcurrentDictionary<string, bool> Unknown { get; } = new(StringComparer.OrdinalIgnoreCase);

        public Boxes Store { get; } = new();

        public override Task<bool> CanDeliverToAsync(ISessionContext context, IMailbox to, IMailbox @from, CancellationToken cancellationToken) =>
            Task.FromResult(!Unknown.ContainsKey(to.AsAddress()));
    }

    private sealed class Boxes : MessageStore
    {
        private readonly ConcurrentDictionary<string, Channel<MimeMessage>> _boxes = new(StringComparer.OrdinalIgnoreCase);

        public Channel<MimeMessage> Of(string address) => _boxes.GetOrAdd(address, _ => Channel.CreateUnbounded<MimeMessage>());

        public override async Task<SmtpResponse> SaveAsync(
            ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
        {
            using var bytes = new MemoryStream(buffer.ToArray());
            var message = await MimeMessage.LoadAsync(bytes, cancellationToken);
            foreach (var to in transaction.To)
                Of(to.AsAddress()).Writer.TryWrite(message);
            return SmtpResponse.Ok;
        }
    }
}

internal static class OnboardingSteps
{
    /// <summary>A browser of an administrator, and the groups of a list.</summary>
    public static async Task<Browser> PrepareAsync(this RelaisApp app, PeopleList list)
    {
        var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        foreach (var name in list.GroupNames)
        {
            using var answer = await administrator.PostJsonAsync("/api/access/groups", new { name });
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        }

        return administrator;
    }

    public static async Task<(HttpStatusCode Status, JsonElement Report)> ImportAsync(this Browser administrator, string text, bool check = false)
    {
        using var body = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        body.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        using var answer = await administrator.PostAsync(check ? "/api/access/people/import/check" : "/api/access/people/import", body);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    public static async Task<JsonElement> BoardAsync(this Browser administrator, string filter) =>
        await administrator.Client.GetFromJsonAsync<JsonElement>($"/api/access/board?{filter}");

    /// <summary>The path of the one link in a mail.</summary>
    public static string LinkIn(MimeMessage mail) =>
        new Uri((mail.TextBody ?? "").Split('\n').Select(line => line.Trim()).Single(line => line.StartsWith("https://", StringComparison.Ordinal))).AbsolutePath;

    public static int Number(this JsonElement report, string name) => report.GetProperty(name).GetInt32();
}
