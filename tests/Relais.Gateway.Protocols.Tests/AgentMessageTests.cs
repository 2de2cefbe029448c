using System.Text;
using CsCheck;
using Relais.Gateway.Protocols.Agents;
using Xunit;

namespace Relais.Gateway.Protocols.Tests;

public sealed class AgentMessageTests
{
    [Fact]
    public void What_was_written_is_read()
    {
        foreach (var deed in Enum.GetValues<AgentDeed>())
        {
            Assert.True(AgentOrder.TryRead(new AgentOrder("a1", deed, "10.1.0.5:3389").Write(), out var order));
            Assert.Equal(new AgentOrder("a1", deed, "10.1.0.5:3389"), order);
        }

        foreach (var fault in Enum.GetValues<AgentFault>())
        {
            Assert.True(AgentAnswer.TryRead(new AgentAnswer("a1", fault, ["10.1.0.5", "fd00::1"]).Write(), out var answer));
            Assert.Equal(("a1", fault), (answer.Id, answer.Fault));
            Assert.Equal(["10.1.0.5", "fd00::1"], answer.Addresses);
        }
    }

    [Fact]
    public void A_message_has_the_form_that_is_documented()
    {
        Assert.Equal("""{"id":"a1","do":"Dial","what":"10.1.0.5:22"}""", Encoding.UTF8.GetString(new AgentOrder("a1", AgentDeed.Dial, "10.1.0.5:22").Write()));
        Assert.True(AgentAnswer.TryRead("""{"id":"a1","fault":"Refused"}"""u8, out var answer));
        Assert.Equal(AgentFault.Refused, answer.Fault);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"id":"a","do":"Dial"}""")]
    [InlineData("""{"id":"","do":"Dial","what":"x"}""")]
    [InlineData("""{"id":"a","do":"Dial","what":""}""")]
    [InlineData("""{"id":"a","do":"Dial","what":null}""")]
    [InlineData("""{"id":"a","do":"Format","what":"x"}""")]
    [InlineData("""{"id":"a","do":0,"what":"x"}""")]
    [InlineData("""{"id":"a","do":"Dial","what":"\ud800"}""")]
    [InlineData("""{"id":"a","do":"Dial","what":"x"}{""")]
    public void What_is_no_order_is_refused(string text) => Assert.False(AgentOrder.TryRead(Encoding.UTF8.GetBytes(text), out _));

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"id":"a","fault":3}""")]
    [InlineData("""{"id":"a","addresses":[null]}""")]
    [InlineData("""{"id":"a","addresses":[""]}""")]
    [InlineData("""{"id":"a","addresses":["1","2","3","4","5","6","7","8","9"]}""")]
    public void What_is_no_answer_is_refused(string text) => Assert.False(AgentAnswer.TryRead(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void A_message_that_is_too_long_is_refused()
    {
        Assert.False(AgentOrder.TryRead(new AgentOrder("a", AgentDeed.Resolve, new string('x', 254)).Write(), out _));
        Assert.False(AgentOrder.TryRead(Encoding.UTF8.GetBytes("""{"id":"a","do":"Wake","what":"x"}""" + new string(' ', AgentOrder.LengthLimit)), out _));
        Assert.False(AgentAnswer.TryRead(new AgentAnswer(new string('x', 65)).Write(), out _));
    }

    [Fact]
    public void Arbitrary_bytes_never_throw() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        AgentOrder.TryRead(bytes, out _);
        AgentAnswer.TryRead(bytes, out _);
    });
}
