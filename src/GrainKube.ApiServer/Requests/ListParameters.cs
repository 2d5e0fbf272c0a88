using System.Globalization;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Validation;
using Microsoft.AspNetCore.Http;

namespace GrainKube.ApiServer.Requests;

/// <summary>The query of a list or a watch, checked.</summary>
internal sealed record ListParameters
{
    /// <summary>0: no limit.</summary>
    public long Limit { get; private init; }

    public string Continue { get; private init; } = "";

    /// <summary>Null where the client said nothing; then the answer must be the newest.</summary>
    public long? Revision { get; private init; }

    /// <summary>The revision is to be met exactly (<c>resourceVersionMatch=Exact</c>).</summary>
    public bool Exact { get; private init; }
    public bool AllowBookmarks { get; private init; }
    public bool SendInitialEvents { get; private init; }

    /// <summary>The client said something about initial events, be it yes or no.</summary>
    public bool SaysInitialEvents { get; private init; }
    public long? TimeoutSeconds { get; private init; }
    public string LabelSelector { get; private init; } = "";
    public string FieldSelector { get; private init; } = "";

    /// <exception cref="ApiException">400 for what cannot be read, 422 for what does not go together.</exception>
    public static ListParameters Parse(IQueryCollection query, bool watch)
    {
        var match = query.First("resourceVersionMatch");
        var revision = query.First("resourceVersion");
        var parameters = new ListParameters
        {
            Limit = query.Number("limit") ?? 0,
            Continue = query.First("continue"),
            Revision = RevisionOf(revision),
            Exact = match == "Exact",
            AllowBookmarks = QueryBool.IsTrue(query["allowWatchBookmarks"]),
            SaysInitialEvents = query.ContainsKey("sendInitialEvents"),
            SendInitialEvents = QueryBool.IsTrue(query["sendInitialEvents"]),
            TimeoutSeconds = query.Number("timeoutSeconds"),
            LabelSelector = query.First("labelSelector"),
            FieldSelector = query.First("fieldSelector"),
        };
        var errors = new FieldErrors();
        if (watch)
        {
            parameters.CheckWatch(match, errors);
        }
        else
        {
            parameters.CheckList(match, revision, errors);
        }

        return errors.IsEmpty ? parameters : throw ApiException.Invalid("meta.k8s.io", "ListOptions", "", errors);
    }

    /// <summary>Reads a revision of the query; null for an empty one.</summary>
    /// <exception cref="ApiException">400: it is no number.</exception>
    public static long? RevisionOf(string text)
    {
        if (text.Length == 0)
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
            ? revision
            : throw ApiException.BadRequest($"resourceVersion: Invalid value: \"{text}\": strconv.ParseUint: parsing \"{text}\": invalid syntax");
    }

    private void CheckList(string match, string revision, FieldErrors errors)
    {
        var at = errors.At("resourceVersionMatch");
        if (match.Length > 0)
        {
            if (revision.Length == 0)
            {
                at.Forbidden("resourceVersionMatch is forbidden unless resourceVersion is provided");
            }

            if (Continue.Length > 0)
            {
                at.Forbidden("resourceVersionMatch is forbidden when continue is provided");
            }

            if (match is not ("Exact" or "NotOlderThan"))
            {
                at.NotSupported(match, "Exact", "NotOlderThan", "");
            }

            if (Exact && revision == "0")
            {
                at.Forbidden("resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
            }
        }

        if (SaysInitialEvents)
        {
            errors.At("sendInitialEvents").Forbidden("sendInitialEvents is forbidden for list");
        }
    }

    private void CheckWatch(string match, FieldErrors errors)
    {
        var at = errors.At("resourceVersionMatch");
        if (SaysInitialEvents && match != "NotOlderThan")
        {
            at.Forbidden("sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
        }

        if (match.Length == 0)
        {
            return;
        }

        if (!SaysInitialEvents)
        {
            at.Forbidden("resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
        }

        if (match != "NotOlderThan")
        {
            at.NotSupported(match, "NotOlderThan");
        }

        if (Continue.Length > 0)
        {
            at.Forbidden("resourceVersionMatch is forbidden when continue is provided");
        }
    }
}
