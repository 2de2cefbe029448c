using CsCheck;
using Relais.Access.Conditions;

namespace Relais.Tests.Access;

/// <summary>Files of countries as free ones come, and as they come broken.</summary>
public sealed class CountryFileTests
{
    [Theory]
    [InlineData("1.0.0.0,1.0.0.255,AU")] // DB-IP
    [InlineData("16777216,16777471,AU")] // tor-geoipdb
    [InlineData("\"16777216\",\"16777471\",\"AU\",\"Australia\"")] // IP2Location
    [InlineData("# a comment\n\n1.0.0.0/24;au")]
    [InlineData("network,geoname_id,country_iso_code\n1.0.0.0/24,2077456,AU")]
    [InlineData("start_ip,end_ip,country\r\n1.0.0.0,1.0.0.255,AU\r\n")]
    [InlineData("\uFEFF1.0.0.0\t1.0.0.255\tAU")]
    [InlineData("281470698520576,281470698520831,AU")] // the same in a file of IPv6 numbers
    public void One_range_is_read_from_each_form(string text)
    {
        var (ranges, faults) = Read(text);
        Assert.Empty(faults);
        var range = Assert.Single(ranges);
        Assert.Equal(("00000000000000000000FFFF01000000", "00000000000000000000FFFF010000FF", "AU"), (Convert.ToHexString(range.First), Convert.ToHexString(range.Last), range.Country));
    }

    [Fact]
    public void Ipv6_is_read_written_out_and_by_network()
    {
        var (ranges, faults) = Read("2001:200::,2001:200:ffff:ffff:ffff:ffff:ffff:ffff,JP\n2001:db8::,2001:db8::ff,??");
        Assert.Empty(faults);
        var (network, _) = Read("2001:200::/32,JP");
        Assert.Equal(ranges[0].First, network[0].First);
        Assert.Equal(ranges[0].Last, network[0].Last);
        Assert.Single(ranges);
    }

    [Theory]
    [InlineData("1.0.0.0,1.0.0.255,AU\n1.0.1.0,1.0.1.255,Australia", 2, "country")]
    [InlineData("1.0.0.0,1.0.0.255,AU\n1.0.1.0,bureau,AU", 2, "address")]
    [InlineData("1.0.0.255,1.0.0.0,AU", 1, "backwards")]
    [InlineData("1.0.0.0,2001:db8::,AU", 1, "backwards")]
    [InlineData("1.0.0.0/24,AU\n1.0.1.7/24,AU", 2, "network")]
    [InlineData("1.0.0.0,1.0.0.255,AU\n1.0.1.0,1.0.1.255", 2, "cells")]
    [InlineData("network,geoname_id,country_code\n1.0.0.0/24,1,2077456", 2, "country")]
    [InlineData("# nothing", 0, "empty")]
    [InlineData("1.0.0.0,1.0.0.255,AU\n1.0.0.128,1.0.1.0,NZ", 0, "overlap")]
    public void A_fault_is_told_with_its_line(string text, int line, string code)
    {
        var fault = Assert.Single(Read(text).Faults);
        Assert.Equal((line, code), (fault.Line, fault.Code));
    }

    [Fact]
    public void Whatever_is_in_a_file_nothing_is_thrown_and_faults_are_bounded() =>
        Gen.OneOf(Gen.Char.Array[0, 300].Select(c => new string(c)), Any("1.0.0.0", "::1", ",", ";", "\n", "FR", "/8", "\"", "network", "country", "99", "\t").Array[0, 60].Select(string.Concat))
            .Sample(text => Assert.InRange(Read(text).Faults.Count, 0, CountryFile.MostFaults));

    private static Gen<T> Any<T>(params T[] of) => Gen.Int[0, of.Length - 1].Select(i => of[i]);

    private static (List<CountryRange> Ranges, List<CountryFault> Faults) Read(string text)
    {
        var (ranges, faults) = (new List<CountryRange>(), new List<CountryFault>());
        using var reader = new StringReader(text);
        CountryFile.Read("pays.csv", reader, ranges, faults);
        CountryFile.Order(ranges, faults);
        return (ranges, faults);
    }
}
