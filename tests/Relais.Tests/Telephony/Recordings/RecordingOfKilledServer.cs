using System.Globalization;
using Relais.Tests.Desktops;

namespace Relais.Tests.Telephony.Recordings;

/// <summary>The server as a process of its own, ended by kill -9 while it records a call.</summary>
public sealed class RecordingOfKilledServer : IAsyncLifetime
{
    private ServerProcess _server = null!;
    private SipOperator _operator = null!;
    private ToneCallee _callee = null!;

    public async ValueTask InitializeAsync()
    {
        _callee = ToneCallee.Start();
        _operator = await SipOperator.StartAsync(_callee.Port);
        _server = await ServerProcess.CreateAsync();
        _server.Settings["RELAIS__Telephony__Port"] = TestProgram.FreePort().ToString(CultureInfo.InvariantCulture);
        await _server.StartAsync();
        await _server.ScalarAsync(
            $"""
             INSERT INTO telephony.trunk (id, name, normalized_name, enabled, host, port, registers, caller, number_form, most_calls, calls_per_second, "order", "foreign", premium, forbidden,
                 reach, reach_since, registration, revision)
             VALUES (gen_random_uuid(), 'Ligne', 'LIGNE', true, '127.0.0.1', {_operator.Port}, false, '+33199000000', 'National', 30, 100, 1, false, false, '{"{}"}',
                 'Unknown', now(), 'NotNeeded', 1);
             INSERT INTO telephony.recording_policy (key, mode, share, keep_days, changed_at) VALUES ('', 'Mandatory', 100, 30, now())
             """);
        await DesktopsApp.UntilAsync(async () => await _server.ScalarAsync("SELECT reach FROM telephony.trunk") is "Answers");
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _operator.DisposeAsync();
        await _callee.DisposeAsync();
    }

    [Fact]
    public async Task A_killed_server_loses_at_most_the_last_second_of_a_recording_and_its_successor_says_so()
    {
        using var interviewer = await _server.EnterAsync("enqueteur1");
        var id = await TelephonyApp.PlaceAsync(interviewer, "0123456700");
        await DesktopsApp.UntilAsync(async () => await _server.ScalarAsync($"SELECT state FROM telephony.call_recording WHERE call_id = '{id}'") is "Running");
        // The callee hears us from the answer on: its clock is the call's.
        var begun = _callee.HeardMs;
        await TelephonyApp.UntilTrueAsync(() => _callee.HeardMs >= begun + 4000);
        var spoken = _callee.HeardMs - begun;
        _server.Kill();

        await _server.StartAsync();
        await DesktopsApp.UntilAsync(async () => await _server.ScalarAsync($"SELECT state FROM telephony.call_recording WHERE call_id = '{id}'") is "Interrupted");
        var kept = (int)(await _server.ScalarAsync($"SELECT duration_ms FROM telephony.call_recording WHERE call_id = '{id}'"))!;
        Assert.InRange(kept, spoken - 1000, spoken + 2000);
        Assert.Equal(2 * Math.Min(1000, kept / 100), ((byte[])(await _server.ScalarAsync($"SELECT peaks FROM telephony.call_recording WHERE call_id = '{id}'"))!).Length);

        using var researcher = await _server.EnterAsync("chercheur1");
        using var played = await researcher.Client.GetAsync($"/api/telephony/calls/{id}/recording", TestContext.Current.CancellationToken);
        Assert.True(played.IsSuccessStatusCode, await played.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var (left, _) = Signals.Channels(await played.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal(kept * 8, left.Length);
        Assert.InRange(Signals.Level(left[8000..24_000], 440), 7_700, 8_300);
    }
}
