namespace Relais.Fieldwork.Forms.Tests;

public sealed class ReferenceTests
{
    [Fact]
    public void The_reference_workbooks_come_with_their_licence() =>
        Assert.Contains("pyxform/LICENSE", Reference.Names("pyxform/", "LICENSE"));
}
