using System.Text;
using System.Xml;

namespace Relais.Fieldwork.Forms.Import.XlsForm;

/// <summary>Names of items, lists and columns: XML names without a colon.</summary>
internal static class FormName
{
    public static bool IsValid(string name) => name.Length is > 0 and <= 200 && XmlConvert.IsStartNCNameChar(name[0]) && name.All(XmlConvert.IsNCNameChar);

    /// <summary>The nearest valid name: everything else becomes an underscore.</summary>
    public static string From(string text)
    {
        var name = new StringBuilder(text.Length);
        foreach (var letter in text)
            name.Append(XmlConvert.IsNCNameChar(letter) ? letter : '_');
        if (name.Length == 0 || !XmlConvert.IsStartNCNameChar(name[0]))
            name.Insert(0, '_');
        return name.ToString(0, Math.Min(name.Length, 200));
    }
}
