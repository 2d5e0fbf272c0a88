using System.Globalization;
using System.Text;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Validation;
using GrainKube.Objects.Writes;
using Microsoft.AspNetCore.Http;

namespace GrainKube.ApiServer.Requests;

/// <summary>The query of a create, an update or a patch, checked.</summary>
/// <param name="DryRun">Nothing is to be stored.</param>
/// <param name="FieldManager">Who owns what is written; by default what stands before the slash of the user agent.</param>
/// <param name="FieldValidation">What happens to unknown fields; upstream's default is a warning.</param>
/// <param name="Force">Take over the fields of other managers.</param>
/// <param name="Sent">Which of them the client named.</param>
internal sealed record WriteParameters(bool DryRun, string FieldManager, FieldValidation FieldValidation, bool Force, SentOptions Sent)
{
    /// <param name="request">The request.</param>
    /// <param name="kind">Name of upstream's options type, for messages.</param>
    /// <param name="patch">The type of the patch, or none.</param>
    /// <exception cref="ApiException">422.</exception>
    public static WriteParameters Parse(HttpRequest request, string kind, PatchType patch = PatchType.None)
    {
        var query = request.Query;
        var errors = FieldErrors.Take();
        var manager = query.First("fieldManager");
        if (patch == PatchType.Apply && manager.Length == 0)
        {
            errors.At("fieldManager").Required("is required for apply patch");
        }

        if (kind == "PatchOptions" && patch != PatchType.Apply && query.ContainsKey("force"))
        {
            errors.At("force").Forbidden("may not be specified for non-apply patch");
        }

        CheckManager(manager, errors.At("fieldManager"));
        var dryRun = IsDryRun(query["dryRun"]!, errors);
        var validation = Validation(query.First("fieldValidation"), errors.At("fieldValidation"));
        var sent = (manager.Length > 0 ? SentOptions.FieldManager : 0) | (query.First("fieldValidation").Length > 0 ? SentOptions.FieldValidation : 0);
        if (!errors.IsEmpty)
        {
            throw ApiException.Invalid("meta.k8s.io", kind, "", errors);
        }

        errors.Return();
        return new WriteParameters(dryRun, manager.Length > 0 ? manager : DefaultManager(request), validation, QueryBool.IsTrue(query["force"]), sent);
    }

    /// <summary>Reads <c>dryRun</c>, whose only value is <c>All</c>.</summary>
    public static bool IsDryRun(IReadOnlyList<string?> values, FieldErrors errors)
    {
        if (values.Any(value => value != "All"))
        {
            errors.At("dryRun").NotSupported(values, "All");
        }

        return values.Contains("All");
    }

    private static FieldValidation Validation(string text, FieldErrors errors)
    {
        switch (text)
        {
            case "Strict":
                return FieldValidation.Strict;
            case "Ignore":
                return FieldValidation.Ignore;
            case "Warn" or "":
                return FieldValidation.Warn;
            default:
                errors.NotSupported(text, "", "Ignore", "Strict", "Warn");
                return FieldValidation.Warn;
        }
    }

    private static void CheckManager(string manager, FieldErrors errors)
    {
        if (Encoding.UTF8.GetByteCount(manager) > 128)
        {
            errors.TooLong(128);
        }

        var at = 0;
        foreach (var letter in manager.EnumerateRunes())
        {
            if (!IsPrintable(letter))
            {
                errors.Invalid(manager, $"invalid character U+{letter.Value:X4} (at position {at})");
            }

            at += letter.Utf8SequenceLength;
        }
    }

    /// <summary>As Go sees it: letters, marks, numbers, punctuation, symbols, and the one space.</summary>
    private static bool IsPrintable(Rune letter) => letter.Value == ' ' || Rune.GetUnicodeCategory(letter) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    private static string DefaultManager(HttpRequest request)
    {
        var agent = request.Headers.UserAgent.ToString();
        var slash = agent.IndexOf('/');
        var name = slash < 0 ? agent : agent[..slash];
        return name.Length == 0 ? "unknown" : name.Length > 128 ? name[..128] : name;
    }
}
