using System.Buffers;
using Relais.Fieldwork.Forms.Checks;
using Relais.Fieldwork.Forms.Definitions;

namespace Relais.Fieldwork.Forms.Import.XlsForm;

/// <summary>Makes questions (and everything else with a value) of rows.</summary>
internal sealed class QuestionBuilder(Names names, Texts texts, ChoiceBuilder choices, FindingList findings)
{
    private static readonly SearchValues<char> OfFunctionNames = SearchValues.Create("abcdefghijklmnopqrstuvwxyz-:0123456789");

    private readonly Extensions _extensions = new(names, texts, choices, findings);

    public FormQuestion Question(Draft draft, FormText? label, FormExpression? relevant)
    {
        var type = draft.Type.Question;
        var question = new FormQuestion
        {
            Name = draft.Name, Path = draft.Path, Origin = draft.Origin, Relevant = relevant, Type = type, TypeName = draft.Type.Word,
            AnswerType = AnswerTypes.Of(draft.Type.Word, type),
            Label = draft.Row is null && type == QuestionType.Text ? texts.Own("Précisez.", "Specify other.", draft.Origin) : label,
        };
        if (draft.Row is not { } row)
        {
            return question with
            {
                Generated = true,
                Calculation = draft.Calculation is { } added ? names.Expression(new FormCell(added.Text, added.Origin), draft) : null,
                ReadOnly = type == QuestionType.Calculate ? new FormExpression("true()", draft.Origin) : null,
            };
        }

        var parameters = ReadParameters(row, type);
        question = question with
        {
            Hint = texts.Read(row, Columns.Hint, draft),
            Guidance = texts.Read(row, Columns.Guidance, draft),
            Required = Condition(row.Cell(Columns.Required), draft),
            RequiredMessage = texts.Read(row, Columns.RequiredMessage, draft),
            Constraint = Expression(row.Cell(Columns.Constraint), draft),
            ConstraintMessage = texts.Read(row, Columns.ConstraintMessage, draft),
            Calculation = Expression(row.Cell(Columns.Calculation), draft),
            ReadOnly = type == QuestionType.Note ? new FormExpression("true()", draft.Origin) : Condition(row.Cell(Columns.ReadOnly), draft),
            Appearance = row.Cell(Columns.Appearance).Text,
            Parameters = parameters,
            AnswerType = type == QuestionType.Range && parameters.Any(p => p.Value.Contains('.', StringComparison.Ordinal)) ? AnswerType.Number : question.AnswerType,
            Choices = type is QuestionType.SelectOne or QuestionType.SelectMultiple or QuestionType.Rank ? choices.Source(draft, parameters) : null,
            Metadata = MetadataOf(draft),
        };
        question = Default(question, row.Cell(Columns.Default), draft);
        Check(question, draft, row);
        return _extensions.Read(question, draft, row);
    }

    private void Check(FormQuestion question, Draft draft, FormRow row)
    {
        if (question.Type == QuestionType.Calculate && question.Calculation is null && question.Default is null && question.DefaultExpression is null)
            findings.Add(Say.WithoutCalculation(row.Origin, draft.Name));
        if (row.Cell(Columns.Trigger) is { Text.Length: > 0 } trigger)
            findings.Add(Say.Trigger(trigger.Origin));
        if (question.Choices is null && row.Cell(Columns.ChoiceFilter) is { Text.Length: > 0 } filter)
            findings.Add(Say.NotForType(filter.Origin, Columns.ChoiceFilter, draft.Type.Word));
        if (row.Cell(Columns.RepeatCount) is { Text.Length: > 0 } count)
            findings.Add(Say.NotForType(count.Origin, Columns.RepeatCount, draft.Type.Word));
        if (question.Type == QuestionType.NotAsked)
            findings.Add(Say.NotOnTheTelephone(draft.Origin, draft.Type.Word));
        if (question.Type == QuestionType.Metadata && question.Metadata == MetadataKind.None)
            findings.Add(Say.MetadataEmpty(draft.Origin, draft.Type.Word));
        if (question.Label is null && question.Hint is null && IsShown(question))
            findings.Add(Say.WithoutLabel(row.Origin, draft.Name, onlyPicture: row.Sheet.Headers.Any(h => h.Field == "media" && row.Has(h.Column))));
    }

    private static bool IsShown(FormQuestion question) =>
        question.Type is not (QuestionType.Calculate or QuestionType.Hidden or QuestionType.Metadata or QuestionType.NotAsked) && question.Calculation is null;

    private IReadOnlyList<NamedValue> ReadParameters(FormRow row, QuestionType type)
    {
        var cell = row.Cell(Columns.Parameters);
        if (Parameters.Parse(cell.Text) is not { } parameters)
        {
            findings.Add(Say.BadParameters(cell.Origin, cell.Text));
            return [];
        }

        var known = Parameters.KnownFor(type);
        foreach (var parameter in parameters.Where(p => !known.Contains(p.Name, StringComparer.Ordinal)))
            findings.Add(Say.UnknownParameter(cell.Origin, parameter.Name, known));
        return parameters;
    }

    private FormExpression? Expression(FormCell cell, Draft draft) => cell.Text.Length == 0 ? null : names.Expression(cell, draft);

    /// <summary>A condition that may simply say yes or no.</summary>
    private FormExpression? Condition(FormCell cell, Draft draft) => (cell.Text, Flag.Read(cell.Text)) switch
    {
        ("", _) => null,
        (_, true) => new FormExpression("true()", cell.Origin),
        (_, false) => new FormExpression("false()", cell.Origin),
        _ => names.Expression(cell, draft),
    };

    private FormQuestion Default(FormQuestion question, FormCell cell, Draft draft)
    {
        if (cell.Text.Length == 0)
            return question;
        // A default that names something or calls a function is computed; "2010-06-15" is a date, not a subtraction.
        if (cell.Text.Contains("${", StringComparison.Ordinal) || LooksLikeCall(cell.Text))
            return question with { DefaultExpression = names.Expression(cell, draft) };
        var midnight = question.Type == QuestionType.Date && cell.Text.EndsWith(" 00:00:00", StringComparison.Ordinal);
        return question with { Default = midnight ? cell.Text[..^9] : cell.Text };
    }

    private static bool LooksLikeCall(string text)
    {
        var open = text.IndexOf('(', StringComparison.Ordinal);
        return open > 0 && text.EndsWith(')') && text.AsSpan(0, open).IndexOfAnyExcept(OfFunctionNames) < 0 && !text.StartsWith('-');
    }

    private static MetadataKind MetadataOf(Draft draft) => draft.Type.Question != QuestionType.Metadata ? MetadataKind.None : draft.Type.Word switch
    {
        "start" => MetadataKind.Start,
        "end" => MetadataKind.End,
        "today" => MetadataKind.Today,
        "username" => MetadataKind.Username,
        "deviceid" or "uri:deviceid" => MetadataKind.DeviceId,
        _ => MetadataKind.None,
    };
}

/// <summary>What the answers to each type are stored and compared as.</summary>
internal static class AnswerTypes
{
    public static AnswerType Of(string word, QuestionType type) => (word, type) switch
    {
        ("integer", _) or (_, QuestionType.Range) => AnswerType.Whole,
        ("decimal", _) => AnswerType.Number,
        ("date" or "today", _) => AnswerType.Date,
        ("time", _) => AnswerType.Time,
        ("dateTime" or "start" or "end", _) => AnswerType.DateTime,
        (_, QuestionType.NotAsked) or ("start-geopoint" or "background-audio" or "audit", _) => AnswerType.Other,
        _ => AnswerType.Text,
    };
}
