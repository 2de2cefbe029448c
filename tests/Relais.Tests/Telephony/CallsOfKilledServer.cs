using System.Globalization;
using Relais.Tests.Desktops;

namespace Relais.Tests.Telephony;

/// <summary>The server as a process of its own, ended by kill -9 while people are on the telephone.</summary>
public sealed class CallsOfKilledServer : IAsyncLifetime
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
                 'Unknown', now(), 'NotNeeded', 1)
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
    public async Task Calls_under_way_are_hung_up_or_cancelled_by_the_server_that_comes_after_and_their_rows_say_so()
    {
        using var one = await _server.EnterAsync("enqueteur1");
        using var two = await _server.EnterAsync("enqueteur2");
        var (answered, ringing) = (await TelephonyApp.PlaceAsync(one, "0123456700"), await TelephonyApp.PlaceAsync(two, "0123456708"));
        await DesktopsApp.UntilAsync(async () => await OfAsync(answered, "state") is "Answered" && await OfAsync(ringing, "state") is "Ringing");
        await TelephonyApp.UntilTrueAsync(() => _callee.HeardMs > 200);
        _server.Kill();
        var heard = _callee.HeardMs;
        Assert.DoesNotContain("BYE sip:", _operator.Messages, StringComparison.Ordinal);

        await _server.StartAsync();
        await DesktopsApp.UntilAsync(async () => await OfAsync(answered, "state") is "Ended" && await OfAsync(ringing, "state") is "Ended");
        Assert.Equal(("Restarted", "Answered"), (await OfAsync(answered, "end"), await OfAsync(answered, "outcome")));
        Assert.Equal(("Restarted", "Failed"), (await OfAsync(ringing, "end"), await OfAsync(ringing, "outcome")));
        // Whoever was on the line heard nothing more, and above all nothing of another call.
        Assert.InRange(_callee.HeardMs - heard, 0, 200);
        // The operator heard of both, so that nothing stays ringing or billed.
        await DesktopsApp.UntilAsync(() => Task.FromResult(
            _operator.Messages.Contains("BYE sip:", StringComparison.Ordinal) && _operator.Messages.Contains("CANCEL sip:0123456708", StringComparison.Ordinal)));
        _operator.AssertContent();
    }

    private Task<object?> OfAsync(Guid call, string column) => _server.ScalarAsync($"""SELECT "{column}" FROM telephony.call WHERE id = '{call}'""");
}
