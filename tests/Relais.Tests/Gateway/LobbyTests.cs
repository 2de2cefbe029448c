using Microsoft.Extensions.Options;
using Relais.Gateway;
using Relais.Gateway.Native;

namespace Relais.Tests.Gateway;

public sealed class LobbyTests
{
    private readonly Relais.Tests.ManualClock _clock = new();
    private readonly Lobby _lobby;

    public LobbyTests() =>
        _lobby = new Lobby(Options.Create(new GatewayOptions { NativeStrangers = 3, NativeStrangersPerAddress = 2, NativeRefusalsPerMinute = 2 }), _clock);

    [Fact]
    public void A_place_that_is_given_back_is_free_again_once()
    {
        var first = _lobby.TryEnter("192.0.2.1");
        using var second = _lobby.TryEnter("192.0.2.1");
        Assert.Null(_lobby.TryEnter("192.0.2.1"));
        first!.Dispose();
        first.Dispose();
        using var third = _lobby.TryEnter("192.0.2.1");
        Assert.NotNull(third);
        Assert.Null(_lobby.TryEnter("192.0.2.1"));
    }

    [Fact]
    public void All_addresses_together_are_bounded_too()
    {
        var inside = Enumerable.Range(1, 4).Select(i => _lobby.TryEnter($"192.0.2.{i}")).ToList();
        Assert.Equal([true, true, true, false], inside.Select(v => v is not null));
    }

    [Fact]
    public void One_ipv6_network_is_one_caller()
    {
        using var first = _lobby.TryEnter("2001:db8::1");
        using var second = _lobby.TryEnter("2001:db8::2:1");
        Assert.Null(_lobby.TryEnter("2001:db8::ffff:0:0:3"));
        using var neighbour = _lobby.TryEnter("2001:db8:0:1::1");
        Assert.NotNull(neighbour);
    }

    [Fact]
    public void Bad_tokens_are_forgotten_with_their_minute()
    {
        _lobby.Refuse("192.0.2.1");
        _lobby.Refuse("192.0.2.1");
        Assert.Null(_lobby.TryEnter("192.0.2.1"));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.NotNull(_lobby.TryEnter("192.0.2.1"));
    }
}
