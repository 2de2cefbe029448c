namespace Relais.Fieldwork.Forms.Expressions;

/// <summary>Why an expression has no value. In brackets the class that JavaRosa, the reference implementation, throws.</summary>
public enum ExpressionErrorKind
{
    /// <summary>Cannot be read (XPathSyntaxException).</summary>
    Syntax,

    /// <summary>XPath that the ODK XForms subset leaves out: other axes, //, text(), unions, variables (XPathUnsupportedException).</summary>
    Unsupported,

    /// <summary>An unknown function, or one called with arguments that it does not take (XPathUnhandledException).</summary>
    Unhandled,

    /// <summary>A value that cannot be what is needed here, such as a date that is none (XPathTypeMismatchException).</summary>
    TypeMismatch,

    /// <summary>Needs a question or list to stand on, and there is none (XPathException).</summary>
    NoContext,

    /// <summary>Too long, nested too deeply, or it took too long.</summary>
    Limit,
}

/// <param name="Position">Where in the text, counted from 0.</param>
/// <param name="Message">What is wrong, in English, for whoever writes forms.</param>
public sealed record ExpressionError(ExpressionErrorKind Kind, int Position, string Message)
{
    /// <summary>The kind as the command line prints it.</summary>
    public string KindName => Kind switch
    {
        ExpressionErrorKind.Syntax => "syntax",
        ExpressionErrorKind.Unsupported => "unsupported",
        ExpressionErrorKind.Unhandled => "unhandled",
        ExpressionErrorKind.TypeMismatch => "type-mismatch",
        ExpressionErrorKind.NoContext => "no-context",
        ExpressionErrorKind.Limit => "limit",
    };
}
