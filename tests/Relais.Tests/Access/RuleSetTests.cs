using System.Globalization;
using System.Net;
using CsCheck;
using Relais.Access.Conditions;
using Relais.Access.Contracts;

namespace Relais.Tests.Access;

/// <summary>What the list of rules decides, for whatever rules and circumstances.</summary>
public sealed class RuleSetTests
{
    private static readonly string[] SomeRoles = [Roles.Staff, Roles.Contractor, Roles.Supervisor];
    private static readonly string[] SomeNetworks = ["192.0.2.0/24", "10.0.0.0/8", "2001:db8::/32", "0.0.0.0/0"];
    private static readonly string[] SomeCountries = ["FR", "BE"];
    private static readonly string[] SomeAddresses = ["192.0.2.7", "10.1.2.3", "2001:db8::1", "203.0.113.9", "::ffff:192.0.2.9"];
    private static readonly DateTime Monday = new(2026, 11, 30, 0, 0, 0, DateTimeKind.Unspecified);

    private static readonly Gen<AccessRule> Rules = Gen.Select(
        Any(SomeRoles).Array[0, 2], Any(SomeNetworks).Array[0, 2], Any(SomeCountries).Array[0, 1], Gen.Bool,
        Gen.Int[0, 15], Gen.Int[0, 63], Gen.Int[0, 127], Gen.Int[-1, 1439]).Select((roles, networks, countries, elsewhere, devices, targets, days, from) => new AccessRule
        {
            Id = Guid.NewGuid(), Name = "règle", Roles = roles, Networks = networks, Countries = countries, Elsewhere = elsewhere, Devices = (DeviceStates)devices,
            Targets = (AccessTarget)targets, Days = (WeekDays)days, From = from < 0 ? null : At(from), To = from < 0 ? null : At((from + 480) % 1440),
            Decision = (RuleDecision)(targets % 3), Enabled = days % 5 != 4,
        });

    private static readonly Gen<Circumstances> Asked = Gen.Select(
        Any(SomeRoles), Any(SomeAddresses), Gen.Bool, Any(1, 2, 5, 8), Any(1, 2, 18, 8, 32), Gen.Int[0, (7 * 1440) - 1])
        .Select((role, address, french, device, what, minute) => new Circumstances(
            new HashSet<string>([role]), new HashSet<Guid>(), IPAddress.Parse(address), french ? "FR" : null, (DeviceStates)device, Monday.AddMinutes(minute), (AccessTarget)what));

    [Fact]
    public void The_first_rule_that_holds_decides_and_none_after_it_matters() =>
        Gen.Select(Rules.Array[0, 6], Rules.Array[0, 3], Asked).Sample((first, more, asked) =>
        {
            Number([.. first, .. more]);
            var (short_, long_) = (new RuleSet(first, RuleDecision.Refuse), new RuleSet([.. first, .. more], RuleDecision.Refuse));
            var decided = short_.Decide(asked);
            var holds = short_.Explain(asked).FirstOrDefault(e => e.Why == Mismatch.None).Rule;
            Assert.Same(holds, decided.Rule);
            Assert.Equal(holds?.Decision ?? RuleDecision.Refuse, decided.Decision);
            if (holds is not null)
                Assert.Equal(decided, long_.Decide(asked));
        });

    [Fact]
    public void A_rule_that_names_nothing_holds_for_all_and_one_that_is_off_for_none() =>
        Asked.Sample(asked =>
        {
            var rule = new AccessRule { Id = Guid.NewGuid(), Name = "tous", Decision = RuleDecision.AskSecondFactor };
            Assert.Same(rule, new RuleSet([rule], RuleDecision.Allow).Decide(asked).Rule);
            rule.Enabled = false;
            Assert.Null(new RuleSet([rule], RuleDecision.Allow).Decide(asked).Rule);
        });

    [Fact]
    public void Elsewhere_is_exactly_where_the_same_places_are_not() =>
        Gen.Select(Any(SomeNetworks).Array[1, 3], Any(SomeCountries).Array[0, 2], Asked).Sample((networks, countries, asked) =>
        {
            Assert.NotEqual(Holds(elsewhere: true), Holds(elsewhere: false));
            bool Holds(bool elsewhere) => new RuleSet(
                [new AccessRule { Id = Guid.NewGuid(), Name = "lieu", Networks = networks, Countries = countries, Elsewhere = elsewhere }], RuleDecision.Refuse)
                .Decide(asked).Rule is not null;
        });

    [Fact]
    public void Each_minute_of_a_week_is_in_hours_or_in_those_that_are_left_over() =>
        Gen.Select(Gen.Int[0, 1439], Gen.Int[0, 1439], Gen.Int[0, (7 * 1440) - 1]).Where((from, to, _) => from != to).Sample((from, to, minute) =>
        {
            var local = Monday.AddMinutes(minute);
            Assert.NotEqual(RuleHours.Hold(WeekDays.None, At(from), At(to), local), RuleHours.Hold(WeekDays.None, At(to), At(from), local));
        });

    [Theory]
    [InlineData("2026-12-04T22:00", true)] // Friday, when it begins
    [InlineData("2026-12-04T21:59", false)]
    [InlineData("2026-12-05T05:59", true)] // Saturday morning is still Friday's night
    [InlineData("2026-12-05T06:00", false)]
    [InlineData("2026-12-05T22:30", false)]
    [InlineData("2026-12-04T05:00", false)] // Friday morning is Thursday's
    public void A_night_belongs_to_the_day_on_which_it_began(string local, bool holds) =>
        Assert.Equal(holds, RuleHours.Hold(WeekDays.Friday, new TimeOnly(22, 0), new TimeOnly(6, 0), DateTime.Parse(local, CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("2027-03-28T00:30:00Z", false)] // 01:30, before the clocks go forward
    [InlineData("2027-03-28T01:00:00Z", true)] // 03:00: the hours from 02:30 begin as soon as there is such a time
    [InlineData("2027-10-31T00:45:00Z", true)] // 02:45, still summer
    [InlineData("2027-10-31T01:15:00Z", false)] // 02:15 again
    [InlineData("2027-10-31T01:30:00Z", true)] // 02:30 again
    public void Hours_are_those_of_the_clock_on_the_wall_when_it_changes(string moment, bool holds)
    {
        var local = TimeZoneInfo.ConvertTime(DateTimeOffset.Parse(moment, CultureInfo.InvariantCulture), TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris")).DateTime;
        Assert.Equal(holds, RuleHours.Hold(WeekDays.None, new TimeOnly(2, 30), new TimeOnly(4, 0), local));
    }

    [Fact]
    public void A_network_holds_what_the_platform_says_that_it_holds() =>
        Gen.Select(Gen.Bool, Gen.Byte.Array[16], Gen.Byte.Array[16], Gen.Int[0, 128], Gen.Int[0, 128]).Sample((six, first, second, prefix, same) =>
        {
            var length = six ? 16 : 4;
            prefix = Math.Min(prefix, length * 8);
            // Half of the addresses share some bits with the network, or none would be in it.
            for (var bit = 0; bit < Math.Min(same, length * 8); bit++)
                second[bit / 8] = (byte)((second[bit / 8] & ~(0x80 >> (bit % 8))) | (first[bit / 8] & (0x80 >> (bit % 8))));
            var (begin, address) = (new IPAddress(first[..length]), new IPAddress(second[..length]));
            if (begin.IsIPv4MappedToIPv6 || address.IsIPv4MappedToIPv6)
                return;
            var fault = NetworkRange.TryParse($"{begin}/{prefix}", out var range, out var suggestion);
            if (fault == NetworkFault.HostBits)
                Assert.Equal(NetworkFault.None, NetworkRange.TryParse(suggestion, out range, out _));
            Assert.Equal(new IPNetwork(range.First, range.Prefix).Contains(address), range.Contains(address));
            Assert.Equal(range.Contains(address), range.Contains(address.MapToIPv6()));
        });

    [Theory]
    [InlineData("10")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("010.0.0.1")]
    [InlineData("0x0a.0.0.1")]
    [InlineData("fe80::1%2")]
    [InlineData("2001:db8::/129")]
    [InlineData("/8")]
    [InlineData("bureau")]
    public void What_is_no_network_is_refused(string text) => Assert.Equal(NetworkFault.NotANetwork, NetworkRange.TryParse(text, out _, out _));

    private static Gen<T> Any<T>(params T[] of) => Gen.Int[0, of.Length - 1].Select(i => of[i]);

    private static TimeOnly At(int minute) => new(minute / 60, minute % 60);

    private static void Number(AccessRule[] rules)
    {
        for (var i = 0; i < rules.Length; i++)
            rules[i].Position = i + 1;
    }
}
