using Relais.Access.SignIns;

namespace Relais.Tests.Access;

public sealed class ThrottleTests(RelaisApp app) : IClassFixture<RelaisApp>
{
    [Fact]
    public async Task Guessing_is_slowed_down_where_it_happens_and_the_right_person_gets_in_elsewhere()
    {
        var person = await app.AddPersonAsync();
        using var known = await app.SignInAsync(person);

        using var guesser = app.OpenBrowser("127.0.0.66");
        var page = await guesser.GetAsync("/sign-in");
        page = await GuessAsync(guesser, page, person);
        Assert.Contains("Trop d’essais", page.Alert, StringComparison.Ordinal);

        // Not even the right password goes through there and now, or guessing would only be told later.
        page = await guesser.SubmitAsync(page, ("UserName", person.UserName), ("Password", person.Password));
        Assert.Contains("Trop d’essais", page.Alert, StringComparison.Ordinal);

        using var elsewhere = await app.SignInAsync(person, from: "127.0.0.67");
        await known.SubmitAsync(await known.GetAsync("/account"), "/sign-out");
        Assert.Equal("/", (await app.SignInAsync(known, person)).Path);

        app.Clock.Advance(SignInThrottle.LongestWait);
        Assert.Equal("/", (await app.SignInAsync(guesser, person)).Path);
    }

    [Fact]
    public async Task A_known_device_is_let_in_from_the_very_address_of_the_guessing()
    {
        var person = await app.AddPersonAsync();
        using var known = await app.SignInAsync(person, from: "127.0.0.68");
        await known.SubmitAsync(await known.GetAsync("/account"), "/sign-out");
        using var guesser = app.OpenBrowser("127.0.0.68");
        var page = await guesser.GetAsync("/sign-in");
        page = await GuessAsync(guesser, page, person);
        Assert.Contains("Trop d’essais", page.Alert, StringComparison.Ordinal);
        Assert.Equal("/", (await app.SignInAsync(known, person)).Path);
    }

    [Fact]
    public void Waits_double_up_to_a_minute_and_are_forgotten_after_a_quiet_while()
    {
        var clock = new ManualClock();
        var throttle = new SignInThrottle(clock);
        var attempt = new Attempt("192.0.2.1", "a", KnownDevice: false);
        for (var i = 0; i < SignInThrottle.FreeFailures; i++)
            Assert.Equal(TimeSpan.Zero, throttle.Enter(attempt));

        foreach (var seconds in new[] { 1, 2, 4, 8, 16, 32, 60, 60 })
        {
            Assert.InRange(throttle.Enter(attempt).TotalSeconds, seconds - 0.9, seconds);
            clock.Advance(TimeSpan.FromSeconds(seconds));
            Assert.Equal(TimeSpan.Zero, throttle.Enter(attempt));
        }

        clock.Advance(SignInThrottle.Memory);
        for (var i = 0; i < SignInThrottle.FreeFailures; i++)
            Assert.Equal(TimeSpan.Zero, throttle.Enter(attempt));
    }

    [Fact]
    public void An_account_under_attack_from_many_addresses_gives_each_a_slow_pace_and_never_makes_a_new_address_wait()
    {
        var clock = new ManualClock();
        var throttle = new SignInThrottle(clock);
        for (var i = 0; i < SignInThrottle.AccountPressure; i++)
            Assert.Equal(TimeSpan.Zero, throttle.Enter(new Attempt($"192.0.2.{i}", "a", KnownDevice: false)));

        Assert.InRange(throttle.Enter(new Attempt("192.0.2.1", "a", KnownDevice: false)).TotalSeconds, 14, 15);
        Assert.Equal(TimeSpan.Zero, throttle.Enter(new Attempt("198.51.100.7", "a", KnownDevice: false)));
        Assert.Equal(TimeSpan.Zero, throttle.Enter(new Attempt("192.0.2.1", "a", KnownDevice: true)));
        Assert.Equal(TimeSpan.Zero, throttle.Enter(new Attempt("192.0.2.1", "b", KnownDevice: false)));
    }

    [Fact]
    public void A_spray_over_many_accounts_is_slowed_to_one_attempt_a_second_and_known_devices_there_are_not()
    {
        var clock = new ManualClock();
        var throttle = new SignInThrottle(clock);
        for (var i = 0; i < SignInThrottle.OriginPressure; i++)
            Assert.Equal(TimeSpan.Zero, throttle.Enter(new Attempt("192.0.2.1", $"a{i}", KnownDevice: false)));

        Assert.InRange(throttle.Enter(new Attempt("192.0.2.1", "next", KnownDevice: false)).TotalSeconds, 0.1, 1);
        Assert.Equal(TimeSpan.Zero, throttle.Enter(new Attempt("192.0.2.1", "next", KnownDevice: true)));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.Zero, throttle.Enter(new Attempt("192.0.2.1", "next", KnownDevice: false)));
    }

    [Fact]
    public void Six_hundred_people_behind_one_address_who_type_well_never_wait()
    {
        var throttle = new SignInThrottle(new ManualClock());
        for (var i = 0; i < 600; i++)
        {
            var attempt = new Attempt("192.0.2.1", $"p{i}", KnownDevice: false);
            Assert.Equal(TimeSpan.Zero, throttle.Enter(attempt));
            throttle.Succeeded(attempt);
        }
    }

    [Theory]
    [InlineData("2001:db8:1:2:3::4", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::4", "2001:db8:1:3::4", false)]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    public void An_ipv6_network_counts_as_one_origin(string one, string other, bool same) =>
        Assert.Equal(same, Attempt.Origin(System.Net.IPAddress.Parse(one)) == Attempt.Origin(System.Net.IPAddress.Parse(other)));

    // Until the wait is the longest one, which no machine is too busy for.
    private async Task<Page> GuessAsync(Browser guesser, Page page, TestPerson person)
    {
        for (var i = 0; i <= SignInThrottle.FreeFailures + 8; i++)
        {
            app.Clock.Advance(SignInThrottle.LongestWait);
            page = await guesser.SubmitAsync(page, ("UserName", person.UserName), ("Password", $"essai {i}"));
        }

        return await guesser.SubmitAsync(page, ("UserName", person.UserName), ("Password", "essai"));
    }
}
