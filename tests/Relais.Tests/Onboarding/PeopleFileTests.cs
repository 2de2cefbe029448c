using System.Text;
using CsCheck;
using Relais.Access.Imports;

namespace Relais.Tests.Onboarding;

public sealed class PeopleFileTests
{
    [Theory]
    [InlineData("user_name,name,mail\nana,Ana,ana@a.example\n")]
    [InlineData("identifiant;nom;courriel\r\nana;Ana;ana@a.example\r\n")]
    [InlineData("\"Identifiant\";\"Nom complet\";\"Adresse e-mail\"\n\"ana\";\"Ana\";\"ana@a.example\"")]
    public void A_list_is_read_in_either_language_and_with_either_separator(string text)
    {
        var file = PeopleFile.Read(text);
        Assert.Empty(file.Faults);
        var row = Assert.Single(file.Rows);
        Assert.Equal(["ana", "Ana", "ana@a.example"], new[] { PeopleColumns.UserName, PeopleColumns.Name, PeopleColumns.Mail }.Select(c => file.Cell(row, c)));
        Assert.Null(file.Cell(row, PeopleColumns.Site));
    }

    [Fact]
    public void Accents_come_through_in_UTF8_with_or_without_its_mark_and_in_Windows_1252()
    {
        const string Text = "identifiant;nom;courriel\nzoe;Zoé Lœw;\n";
        byte[] old = [.. Encoding.Latin1.GetBytes("identifiant;nom;courriel\nzoe;Zoé L"), 0x9C, .. "w;\n"u8];
        foreach (var bytes in new[] { Encoding.UTF8.GetBytes(Text), [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Text)], old })
        {
            var file = PeopleFile.Read(bytes);
            Assert.Empty(file.Faults);
            Assert.Equal("Zoé Lœw", file.Cell(file.Rows[0], PeopleColumns.Name));
        }
    }

    [Fact]
    public void A_file_that_is_no_text_is_refused_as_a_whole() =>
        Assert.Equal("encoding", Assert.Single(PeopleFile.Read(Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("identifiant;nom;courriel\n")).ToArray()).Faults).Code);

    [Theory]
    [InlineData("", "file-empty", 1, 0)]
    [InlineData("identifiant;nom;courriel\n", "file-empty", 1, 0)]
    [InlineData("identifiant;nom\nana;Ana", "column-missing", 1, 0)]
    [InlineData("identifiant;nom;courriel;âge\nana;Ana;;7", "column-unknown", 1, 4)]
    [InlineData("identifiant;nom;courriel;login\nana;Ana;;ana", "column-twice", 1, 4)]
    [InlineData("identifiant;nom;courriel\nana;\"Ana;", "quote", 2, 0)]
    [InlineData("identifiant;nom;courriel\nana;Ana\n", "cells", 2, 0)]
    [InlineData("identifiant;nom;courriel\nana;Ana;a@b.example;de trop\n", "cells", 2, 0)]
    public void What_is_wrong_with_the_form_of_a_list_is_told_with_its_place(string text, string code, int line, int column)
    {
        var fault = Assert.Single(PeopleFile.Read(text).Faults);
        Assert.Equal((code, line, column), (fault.Code, fault.Line, fault.Column));
    }

    [Fact]
    public void Whatever_the_bytes_are_reading_them_ends_with_rows_or_faults() =>
        Gen.Byte.Array[0, 200].Sample(bytes =>
        {
            var file = PeopleFile.Read(bytes);
            Assert.True(file.Rows.Count + file.Faults.Count > 0);
        });

    [Theory]
    [InlineData("31/03/2027", "2027-03-31")]
    [InlineData("1/4/2027", "2027-04-01")]
    [InlineData("2027-03-31", "2027-03-31")]
    [InlineData("31 mars", "31 mars")]
    public void Days_are_read_as_people_write_them(string typed, string day) => Assert.Equal(day, PeopleCells.Day(typed));

    [Theory]
    [InlineData("Enquêteur", "interviewer")]
    [InlineData("INTERVIEWER", "interviewer")]
    [InlineData("chargé d’études", "researcher")]
    [InlineData("roi", null)]
    public void Roles_have_names_in_both_languages(string typed, string? role) => Assert.Equal(role, PeopleColumns.RoleOf(typed));
}
