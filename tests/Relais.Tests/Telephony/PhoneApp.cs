using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Relais.Access.Contracts;
using Relais.Telephony.Quality;
using Relais.Telephony.Rooms;

namespace Relais.Tests.Telephony;

/// <summary>A server with voice servers (Janus) of its own.</summary>
public class PhoneApp : TelephonyApp
{
    private const string Secret = "un secret de test";
    private static int _made;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("relais-janus-");
    private readonly List<Voices> _voices = [];

    private readonly int _servers;

    public PhoneApp()
        : this(1)
    {
    }

    protected PhoneApp(int servers) => _servers = servers;

    private sealed class Voices(int port, int firstRtp)
    {
        public int Port { get; } = port;

        public int FirstRtp { get; } = firstRtp;

        public TestProgram? Program { get; set; }
    }

    internal Phones Phones => Services.GetRequiredService<Phones>();

    internal HomeLegs HomeLegs => Services.GetRequiredService<HomeLegs>();

    internal RoomServers RoomServers => Services.GetRequiredService<RoomServers>();

    /// <summary>An address of this machine that is not loopback, where it has one.</summary>
    protected static string OwnAddress
    {
        get
        {
            try
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
                socket.Connect(IPAddress.Parse("203.0.113.1"), 9);
                return ((IPEndPoint)socket.LocalEndPoint!).Address.ToString();
            }
            catch (SocketException)
            {
                return "127.0.0.1";
            }
        }
    }

    protected DirectoryInfo Folder => _folder;

    public override async ValueTask InitializeAsync()
    {
        for (var i = 0; i < _servers; i++)
        {
            var voices = new Voices(TestProgram.FreePort(), 12_000 + (Interlocked.Increment(ref _made) % 8 * 2000));
            _voices.Add(voices);
            Settings[$"Telephony:Rooms:{i}:Address"] = $"http://127.0.0.1:{voices.Port}/janus";
            Settings[$"Telephony:Rooms:{i}:Secret"] = Secret;
            await StartVoicesAsync(i);
        }

        await base.InitializeAsync();
    }

    /// <summary>Starts a voice server, also again.</summary>
    public async Task StartVoicesAsync(int which)
    {
        var voices = _voices[which];
        voices.Program = await TestProgram.StartAsync(
            voices.Port, "bash", Path.Combine(Repository(), "scripts", "janus.sh"), Path.Combine(_folder.FullName, which.ToString(CultureInfo.InvariantCulture)),
            voices.Port.ToString(CultureInfo.InvariantCulture), Secret, voices.FirstRtp.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Ends a voice server by kill -9.</summary>
    public ValueTask KillVoicesAsync(int which) => _voices[which].Program?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>A voice server is slow: it does nothing at all until it is let go on.</summary>
    public Task HoldVoicesAsync(int which, bool held) =>
        TestProgram.RunAsync("kill", held ? "-STOP" : "-CONT", _voices[which].Program!.Id.ToString(CultureInfo.InvariantCulture));

    /// <summary>An interviewer at their softphone, the headset connected.</summary>
    internal async Task<IPage> ConnectedAsync(Chromium chromium, TestPerson person)
    {
        var page = await WithHeadsetAsync(chromium, person);
        await Assertions.Expect(page.GetByText("Casque branché")).ToBeVisibleAsync(new() { Timeout = 20_000 });
        await UntilTrueAsync(() => Phones.IsIn(person.Id));
        return page;
    }

    /// <summary>The same, who has just asked to connect it.</summary>
    internal async Task<IPage> WithHeadsetAsync(Chromium chromium, TestPerson person)
    {
        var page = await this.OpenPageAsync(chromium, person, "/phone");
        // So that a test can pull a microphone out.
        await page.Context.AddInitScriptAsync(
            "const take = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices); window.taken = [];"
            + "navigator.mediaDevices.getUserMedia = async wish => { if (window.none) throw new DOMException('none', 'NotFoundError'); const stream = await take(wish); window.taken.push(stream); return stream; };");
        await page.ReloadAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Brancher le casque", Exact = true }).ClickAsync();
        return page;
    }

    /// <summary>Dials from the page, until the callee answers.</summary>
    /// <returns>The call.</returns>
    internal async Task<Guid> DialAsync(IPage page, TestPerson person)
    {
        await page.GetByLabel("Numéro à appeler").FillAsync("01 23 45 67 00");
        await page.GetByRole(AriaRole.Button, new() { Name = "Appeler", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText("En communication")).ToBeVisibleAsync(new() { Timeout = 15_000 });
        return Phones.Of(person.Id)?.Seat?.Call ?? throw new InvalidOperationException("no call");
    }

    internal Task<TestPerson> InterviewingPersonAsync() => this.AddPersonAsync(Roles.Interviewer);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        for (var i = 0; i < _voices.Count; i++)
            await KillVoicesAsync(i);
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }
}

/// <summary>The same with two of them.</summary>
public sealed class TwoVoicesApp() : PhoneApp(2);
