using System.Text;
using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Forms.Import;
using Relais.Tests.Structure;

namespace Relais.Tests.Fieldwork;

/// <summary>The sample questionnaire on radio, with its listening day.</summary>
internal static class RadioForm
{
    public static FormDefinition Definition { get; } =
        FormImporter.Import("radio.xlsx", File.ReadAllBytes(Path.Combine(Sources.Root, "samples", "radio", "radio.xlsx"))).Definition!;

    public static string Json { get; } = Encoding.UTF8.GetString(FormJson.Write(Definition));
}
