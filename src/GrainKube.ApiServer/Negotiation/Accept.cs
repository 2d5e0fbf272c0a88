using System.Globalization;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiServer.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace GrainKube.ApiServer.Negotiation;

/// <summary>
/// Finds in an <c>Accept</c> header the first form that we can give: JSON, plain or as a table or as metadata only. Protobuf is given to those who take nothing else: JSON lies ready, and whoever prefers protobuf takes it too.
/// </summary>
internal static class Accept
{
    private const string Text = "application/json, application/yaml";
    private const string Everything = $"{Text}, {ProtobufBody.MediaType}";

    /// <summary>For answers that have only one form, those of questions that are not stored.</summary>
    /// <exception cref="ApiException">406 where the client takes none but tables or metadata.</exception>
    public static void RequireObject(HttpRequest request, Offer offer) => Negotiate(request, static shape => shape.Form == Form.Object, offer);

    /// <exception cref="ApiException">406 where nothing fits.</exception>
    public static Shape Negotiate(HttpRequest request, Offer offer) => Negotiate(request, static _ => true, offer);

    private static Shape Negotiate(HttpRequest request, Func<Shape, bool> isOffered, Offer offer)
    {
        var header = request.Headers.Accept;
        if (IsPlain(header))
        {
            return Shape.Plain;
        }

        var hasBinary = offer.HasBinary;
        if (offer.HasRoutes && !header.Any(IsOfRoute))
        {
            // No route produces any of them, which upstream finds before anything else.
            throw ApiException.NotAcceptable($"406: Not Acceptable\n\nAvailable representations: {(hasBinary ? Everything : Text)}", isGeneric: true);
        }

        foreach (var clause in Clauses(header))
        {
            if (IsText(clause) && ShapeOf(clause) is { } shape && isOffered(shape))
            {
                return shape;
            }
        }

        foreach (var clause in Clauses(header))
        {
            if (hasBinary && IsBinary(clause) && ShapeOf(clause) is { Form: not Form.Table } shape && isOffered(shape))
            {
                return shape;
            }
        }

        throw ApiException.NotAcceptable($"only the following media types are accepted: {(hasBinary ? Everything : Text)}");
    }

    /// <exception cref="ApiException">406: what the client likes best cannot be a stream.</exception>
    public static void RequireStream(HttpRequest request)
    {
        if (Renderings.Of(request) == Rendering.Yaml)
        {
            throw ApiException.NotAcceptable($"only the following media types are accepted: application/json;stream=watch, {ProtobufBody.Stream}");
        }
    }

    /// <summary>JSON without any wish, as most clients ask for it: nothing is to be weighed.</summary>
    public static bool IsPlain(StringValues header) => header.Count == 0 || (header.Count == 1 && header[0] is null or "" or "application/json" or "*/*" or "application/json, */*");

    private static bool IsOfRoute(string? line) => (line ?? "").Split(',').Any(static clause =>
        MediaTypeOf(clause) is "*/*" or "application/json" or Renderings.Yaml or ProtobufBody.MediaType);

    private static bool IsText(string clause) => MediaTypeOf(clause) is "application/json" or Renderings.Yaml or "application/*" or "*/*";

    public static bool IsBinary(string clause) => MediaTypeOf(clause) == ProtobufBody.MediaType;

    private static string MediaTypeOf(string clause) => clause.Split(';')[0].Trim(' ');

    /// <summary>The clauses by preference; those of the same weight in the order they were written.</summary>
    public static IEnumerable<string> Clauses(StringValues header) => header
        .SelectMany(line => (line ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        .OrderByDescending(Weight);

    private static Shape? ShapeOf(string clause)
    {
        var parts = clause.Split(';', StringSplitOptions.TrimEntries);
        var (kind, group, version) = ("", "", "");
        foreach (var part in parts.AsSpan(1))
        {
            if (part.StartsWith("as=", StringComparison.Ordinal))
            {
                kind = part[3..];
            }
            else if (part.StartsWith("g=", StringComparison.Ordinal))
            {
                group = part[2..];
            }
            else if (part.StartsWith("v=", StringComparison.Ordinal))
            {
                version = part[2..];
            }
            else if (part.StartsWith("stream=", StringComparison.Ordinal) && part is not ("stream=" or "stream=watch"))
            {
                return null;
            }
        }

        if (kind.Length == 0)
        {
            return Shape.Plain;
        }

        return (FormOf(kind), MetaOf(group, version)) is ({ } form, { } meta) ? new Shape(form, meta) : null;
    }

    private static Form? FormOf(string kind) => kind switch
    {
        "Table" => Form.Table,
        "PartialObjectMetadata" => Form.PartialMetadata,
        "PartialObjectMetadataList" => Form.PartialMetadataList,
        _ => null,
    };

    private static MetaVersion? MetaOf(string group, string version) => (group, version) switch
    {
        ("meta.k8s.io", "v1") => MetaVersion.V1,
        ("meta.k8s.io", "v1beta1") => MetaVersion.V1Beta1,
        _ => null,
    };

    private static double Weight(string clause)
    {
        var at = clause.IndexOf(";q=", StringComparison.Ordinal);
        if (at < 0)
        {
            return 1;
        }

        var text = clause.AsSpan(at + 3);
        var end = text.IndexOf(';');
        return double.TryParse(end < 0 ? text : text[..end], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var weight) ? weight : 1;
    }
}
