using CsCheck;
using Relais.Access.Directories;

namespace Relais.Tests.Directories;

public sealed class LdapFilterTests
{
    // Written out by hand from RFC 4511, 4.5.1.7.
    [Theory]
    [InlineData("(uid=ana)", "A30A0403756964" + "0403616E61")]
    [InlineData("(mail=*)", "87046D61696C")]
    [InlineData("(!(a=b))", "A208A306040161040162")]
    [InlineData("(&(a=b)(|(c>=1)(d<=2)(e~=3)))", "A022A306040161040162A118A506040163040131A606040164040132A806040165040133")]
    [InlineData("(cn=a*b*c)", "A40F0402636E3009800161810162820163")]
    [InlineData("(cn=*b*)", "A4090402636E3003810162")]
    [InlineData(@"(a=\2a\28)", "A30704016104022A28")]
    [InlineData("(f:1.2:=2)", "A90B8103312E3282016683" + "0132")]
    public void A_filter_is_sent_as_it_is_meant(string text, string bytes) => Assert.Equal(bytes, Convert.ToHexString(LdapFilter.Encode(text)!));

    [Theory]
    [InlineData("")]
    [InlineData("uid=ana")]
    [InlineData("(uid=ana")]
    [InlineData("(uid=ana))")]
    [InlineData("(&)")]
    [InlineData("(=a)")]
    [InlineData(@"(a=\2)")]
    [InlineData("(a b=c)")]
    public void What_is_no_filter_is_told_before_it_is_sent(string text) => Assert.Null(LdapFilter.Encode(text));

    [Fact]
    public void Whatever_is_typed_reading_it_ends() => Gen.Char["()&|!=*\\:<>~a1 é\ud83d"].Array[0, 40].Sample(typed => _ = LdapFilter.Encode(new string(typed)));

    [Fact]
    public void Whatever_comes_instead_of_a_message_its_length_is_known_or_refused() =>
        Gen.Byte.Array[0, 12].Sample(bytes => Assert.True(LdapMessage.LengthOf(bytes) >= -1));
}
