using System.Net;
using Relais.Desktops.Engine;
using Relais.Desktops.Workstations;
using Relais.Gateway.Contracts;
using Relais.Kernel.Tables;

namespace Relais.Tests.Desktops;

public sealed class WorkstationRules
{
    [Theory]
    [InlineData("127.0.0.1", "Loopback")]
    [InlineData("127.255.0.9", "Loopback")]
    [InlineData("::1", "Loopback")]
    [InlineData("::ffff:127.0.0.1", "Loopback")]
    [InlineData("::127.0.0.1", "Loopback")]
    [InlineData("64:ff9b::7f00:1", "Loopback")]
    [InlineData("2002:7f00:1::", "Loopback")]
    [InlineData("169.254.169.254", "LinkLocal")]
    [InlineData("::ffff:169.254.169.254", "LinkLocal")]
    [InlineData("fe80::1", "LinkLocal")]
    [InlineData("fd00:ec2::254", "LinkLocal")]
    [InlineData("0.0.0.0", "Unspecified")]
    [InlineData("::", "Unspecified")]
    [InlineData("224.0.0.1", "Multicast")]
    [InlineData("255.255.255.255", "Multicast")]
    [InlineData("ff02::1", "Multicast")]
    [InlineData("10.91.16.10", "Desktops")]
    [InlineData("::ffff:10.91.16.10", "Desktops")]
    [InlineData("192.0.2.7", "ThisServer")]
    [InlineData("10.2.0.12", null)]
    [InlineData("2001:db8::5", null)]
    [InlineData("fd12:3456::9", null)]
    public void The_gateway_dials_no_address_that_leads_inside(string address, string? why)
    {
        var refusal = TargetAddress.Check(IPAddress.Parse(address), IPNetwork.Parse("10.91.16.0/22"), [IPAddress.Parse("192.0.2.7")], []);
        Assert.Equal(why, refusal?.ToString());
    }

    [Theory]
    [InlineData("10.0.0.0/8", "10.85.92.1", "10.0.0.0-10.85.92.0,10.85.92.2-10.255.255.255")]
    [InlineData("10.0.0.0/8", "10.0.0.0", "10.0.0.1-10.255.255.255")]
    [InlineData("10.0.0.0/8", "10.255.255.255", "10.0.0.0-10.255.255.254")]
    [InlineData("192.168.0.0/16", "10.85.92.1", "192.168.0.0/16")]
    public void A_network_is_shut_but_for_one_address(string network, string address, string ranges) =>
        Assert.Equal(ranges, InnerNetwork.Without(IPNetwork.Parse(network), IPAddress.Parse(address)));

    [Theory]
    [InlineData(8443, "1-52,54-8442,8444-65535")]
    [InlineData(54, "1-52,55-65535")]
    [InlineData(53, "1-52,54-65535")]
    [InlineData(65535, "1-52,54-65534")]
    public void A_host_is_shut_but_for_its_portal_and_its_names(int portal, string ranges) => Assert.Equal(ranges, InnerNetwork.PortsWithout(53, portal));

    [Fact]
    public void What_the_operator_allows_is_dialled_in_all_its_forms()
    {
        IPNetwork[] allowed = [IPNetwork.Parse("127.0.0.1/32")];
        Assert.Null(TargetAddress.Check(IPAddress.Parse("127.0.0.1"), null, [], allowed));
        Assert.Null(TargetAddress.Check(IPAddress.Parse("::ffff:127.0.0.1"), null, [], allowed));
        Assert.Equal(AddressRefusal.Loopback, TargetAddress.Check(IPAddress.Parse("127.0.0.2"), null, [], allowed));
    }

    [Theory]
    [InlineData("127.1")]
    [InlineData("2130706433")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("0177.0.0.1")]
    [InlineData("fe80::1%eth0")]
    [InlineData("[::1]")]
    public void Disguises_of_an_address_are_no_address(string typed) => Assert.Null(TargetAddress.Parse(typed));

    [Theory]
    [InlineData("00:1a:2b:3c:4d:5e", "00:1A:2B:3C:4D:5E")]
    [InlineData("00-1A-2B-3C-4D-5E", "00:1A:2B:3C:4D:5E")]
    [InlineData("001a.2b3c.4d5e", "00:1A:2B:3C:4D:5E")]
    [InlineData(" 001A2B3C4D5E ", "00:1A:2B:3C:4D:5E")]
    [InlineData("00:1a:2b:3c:4d", null)]
    [InlineData("00:1a-2b:3c:4d:5e", null)]
    [InlineData("001:a2:b3:c4:d5:e", null)]
    [InlineData("00:00:00:00:00:00", null)]
    [InlineData("ff:ff:ff:ff:ff:ff", null)]
    [InlineData("01:00:5e:00:00:01", null)]
    [InlineData("zz:1a:2b:3c:4d:5e", null)]
    [InlineData("", null)]
    public void A_hardware_address_is_read_in_its_usual_forms(string typed, string? written) =>
        Assert.Equal(written, MacAddress.Parse(typed) is { } bytes ? MacAddress.Write(bytes) : null);

    [Fact]
    public void A_magic_packet_is_six_times_FF_and_sixteen_times_the_address()
    {
        byte[] address = [0x00, 0x1A, 0x2B, 0x3C, 0x4D, 0x5E];
        var packet = MagicPacket.For(address);
        Assert.Equal(102, packet.Length);
        Assert.Equal(Enumerable.Repeat((byte)0xFF, 6).Concat(Enumerable.Repeat(address, 16).SelectMany(a => a)), packet);
    }

    [Theory]
    [InlineData("22", 22, true)]
    [InlineData("22", 23, false)]
    [InlineData("5900-5999, 6001", 5950, true)]
    [InlineData("5900-5999, 6001", 6001, true)]
    [InlineData("5900-5999, 6001", 6000, false)]
    public void Ports_are_lists_and_ranges(string text, int port, bool contained) => Assert.Equal(contained, PortRanges.TryParse(text)?.Contain(port));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("65536")]
    [InlineData("10-5")]
    [InlineData("-5")]
    [InlineData("a")]
    public void What_is_no_list_of_ports_is_told_at_start(string text) => Assert.Null(PortRanges.TryParse(text));

    [Fact]
    public void A_file_is_read_with_its_quotes_and_the_lines_that_its_records_start_on()
    {
        var records = CsvTable.Read("nom;adresse\r\n\"a;b\";\"dit \"\"x\"\"\"\r\n\r\n\"deux\nlignes\";y\nz;w", out _);
        Assert.NotNull(records);
        Assert.Equal([1, 2, 4, 6], records.Select(r => r.Line));
        Assert.Equal(["a;b", "dit \"x\""], records[1].Cells);
        Assert.Equal(["deux\nlignes", "y"], records[2].Cells);
        Assert.Null(CsvTable.Read("nom;adresse\n\"ouvert;x", out var openAt));
        Assert.Equal(2, openAt);
    }

    [Fact]
    public void A_file_of_an_older_spreadsheet_keeps_its_accents()
    {
        Assert.Equal("propriétaire", CsvTable.Decode([.. "propri"u8, 0xE9, .. "taire"u8]));
        Assert.Equal("propriétaire", CsvTable.Decode([0xEF, 0xBB, 0xBF, .. "propriétaire"u8]));
        Assert.Equal("cœur à 5 €", CsvTable.Decode([.. "c"u8, 0x9C, .. "ur "u8, 0xE0, .. " 5 "u8, 0x80]));
    }

    [Fact]
    public void What_is_no_text_is_not_guessed_at()
    {
        Assert.Null(CsvTable.Decode([0xFF, 0xFE, .. "n\0o\0m\0"u8]));
        Assert.Null(CsvTable.Decode([.. "PK"u8, 3, 4, 20, 0]));
    }
}
