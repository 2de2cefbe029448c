using Relais.Access.Contracts;
using Relais.Desktops.Pools;

namespace Relais.Tests.Desktops;

public sealed class PoolHoursTests
{
    private static readonly GroupCard Group = new(Guid.NewGuid(), "Centre d’appels");

    [Theory]
    [InlineData("mon-fri 08:00-12:00 20", "2026-11-27T08:00", 20)] // a Friday
    [InlineData("mon-fri 08:00-12:00 20", "2026-11-27T12:00", 3)]
    [InlineData("mon-fri 08:00-12:00 20", "2026-11-28T09:00", 3)]
    [InlineData("fri 22:00-02:00 10", "2026-11-28T01:59", 10)]
    [InlineData("fri 22:00-02:00 10", "2026-11-27T01:00", 3)]
    [InlineData("sun 22:00-02:00 10; mon-sun 00:00-00:00 5", "2026-11-23T01:00", 10)]
    [InlineData("mon-sun 00:00-00:00 2", "2026-11-25T15:00", 3)]
    [InlineData("mon-sun 00:00-00:00 30", "2026-11-25T15:00", 30)]
    public void Hours_and_demand_say_how_many_are_started(string hours, string local, int started)
    {
        const int InUse = 1;
        var pool = PoolOf(hours, ready: "2");
        Assert.Equal(started - InUse, PoolRules.Spares(pool, InUse, DateTimeOffset.Parse($"{local}:00+01:00", System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("monday 08:00-12:00 20")]
    [InlineData("fri-mon 08:00-12:00 20")]
    [InlineData("mon 08:00 20")]
    [InlineData("mon 08:00-12:00")]
    public void Hours_that_are_not_written_so_are_refused(string hours) => Assert.False(PoolHoursText.TryRead(hours, out _));

    [Fact]
    public void What_is_wrong_with_a_pool_is_told_by_field()
    {
        var pool = new Pool { Name = "avant", NormalizedName = "AVANT", Bundle = "" };
        var wrong = new PoolFields(" ", "nul", ["nobody"], false, "0", "-1", [new TypedHours(["monday"], "8h", "12:00", "3"), new TypedHours([], "08:00", "12:00", "3")]);
        var faults = wrong.ApplyTo(pool, [Group], _ => false);
        Assert.Equal(
            ["Name missing", "Bundle unknown", "Groups unknown", "Most number", "Ready number", "Hours time", "Hours no-day"], faults.Select(f => $"{f.Field} {f.Code}"));
        Assert.Equal("avant", pool.Name);
        var homes = (PoolFields.New with { Name = "n", Bundle = "b", Groups = [Group.Name], KeepsHome = true, Ready = "1" }).ApplyTo(pool, [Group], _ => true);
        Assert.Equal("homes", Assert.Single(homes).Code);
    }

    [Fact]
    public void What_was_saved_is_typed_again_as_it_was()
    {
        var pool = PoolOf("mon-fri 08:00-12:30 20; sat 22:00-02:00 5", "2");
        var again = new Pool { Name = "", NormalizedName = "", Bundle = "" };
        Assert.Empty(PoolFields.Of(pool).ApplyTo(again, [Group], _ => true));
        Assert.Equal(pool.Schedule.Hours, again.Schedule.Hours);
        Assert.Equal((pool.Name, pool.Most, pool.Ready), (again.Name, again.Most, again.Ready));
    }

    private static Pool PoolOf(string hours, string ready)
    {
        Assert.True(PoolHoursText.TryRead(hours, out var typed));
        var pool = new Pool { Name = "", NormalizedName = "", Bundle = "" };
        Assert.Empty((PoolFields.New with { Name = "Enquête", Bundle = "b", Groups = [Group.Name], Most = "30", Ready = ready, Hours = typed })
            .ApplyTo(pool, [Group], _ => true));
        return pool;
    }
}
