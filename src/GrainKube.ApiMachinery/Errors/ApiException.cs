using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Validation;

namespace GrainKube.ApiMachinery.Errors;

/// <summary>An error whose <see cref="Status"/> the client is to see. It crosses silos.</summary>
/// <remarks>The factories carry upstream's codes, reasons and wording (<c>k8s.io/apimachinery/pkg/api/errors</c>).</remarks>
[GenerateSerializer]
[Alias("GrainKube.ApiException")]
public sealed class ApiException(Status status) : Exception(status.Message)
{
    [Id(0)] public Status Status { get; } = status;

    /// <summary>What admission wanted to be said in the audit log before the write was refused.</summary>
    [Id(1)] public IReadOnlyDictionary<string, string> AuditAnnotations { get; init; } = new Dictionary<string, string>();

    /// <summary>What the client is to be warned of beside the refusal.</summary>
    [Id(2)] public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The same refusal with what was noted on the way to it.</summary>
    public ApiException Noting(IReadOnlyDictionary<string, string> annotations, IReadOnlyList<string> warnings) => annotations.Count + warnings.Count == 0 ? this : new ApiException(Status)
    {
        AuditAnnotations = AuditAnnotations.UnionBy(annotations, a => a.Key).ToDictionary(),
        Warnings = Warnings.Concat(warnings).Distinct(StringComparer.Ordinal).ToArray(),
    };

    public static ApiException BadRequest(string message) => new(new Status { Code = 400, Reason = "BadRequest", Message = message });

    public static ApiException Unauthorized() => new(new Status { Code = 401, Reason = "Unauthorized", Message = "Unauthorized" });

    public static ApiException Forbidden(GroupResource resource, string name, string message) => new(new Status
    {
        Code = 403,
        Reason = "Forbidden",
        Name = name,
        Group = resource.Group,
        Kind = resource.Resource,
        Message = resource.Resource.Length == 0 ? $"forbidden: {message}"
            : name.Length == 0 ? $"{resource} is forbidden: {message}" : $"{resource} \"{name}\" is forbidden: {message}",
    });

    public static ApiException NotFound(GroupResource resource, string name) => new(new Status
    {
        Code = 404, Reason = "NotFound", Name = name, Group = resource.Group, Kind = resource.Resource, Message = $"{resource} \"{name}\" not found",
    });

    /// <summary>The path names no resource that is served.</summary>
    public static ApiException NoSuchResource() => new(new Status
    {
        Code = 404, Reason = "NotFound", Message = "the server could not find the requested resource", IsGeneric = true,
    });

    /// <summary>The path exists, the method does not.</summary>
    public static ApiException MethodNotAllowed() => new(new Status
    {
        Code = 405, Reason = "MethodNotAllowed", Message = "the server does not allow this method on the requested resource", IsGeneric = true,
    });

    /// <summary>What the handler of all custom resources says to a method that it does not know.</summary>
    public static ApiException MethodNotSupported(GroupResource resource, string action) => new(new Status
    {
        Code = 405,
        Reason = "MethodNotAllowed",
        Group = resource.Group,
        Kind = resource.Resource,
        Message = $"{action} is not supported on resources of kind \"{resource}\"",
    });

    /// <param name="message">What would be acceptable.</param>
    /// <param name="isGeneric">See <see cref="Status.IsGeneric"/>.</param>
    public static ApiException NotAcceptable(string message, bool isGeneric = false) =>
        new(new Status { Code = 406, Reason = "NotAcceptable", Message = message, IsGeneric = isGeneric });

    public static ApiException AlreadyExists(GroupResource resource, string name) => new(new Status
    {
        Code = 409, Reason = "AlreadyExists", Name = name, Group = resource.Group, Kind = resource.Resource, Message = $"{resource} \"{name}\" already exists",
    });

    public static ApiException Conflict(GroupResource resource, string name, string message, IReadOnlyList<StatusCause>? causes = null) => new(new Status
    {
        Code = 409,
        Reason = "Conflict",
        Name = name,
        Group = resource.Group,
        Kind = resource.Resource,
        Causes = causes ?? [],
        Message = $"Operation cannot be fulfilled on {resource} \"{name}\": {message}",
    });

    /// <summary>An update whose <c>resourceVersion</c> is no longer the newest.</summary>
    public static ApiException StaleObject(GroupResource resource, string name) => Conflict(
        resource, name, "the object has been modified; please apply your changes to the latest version and try again");

    /// <summary>Server-side apply met fields that others own.</summary>
    public static ApiException ApplyConflict(string message, IReadOnlyList<StatusCause> causes) => new(new Status { Code = 409, Reason = "Conflict", Causes = causes, Message = message });

    public static ApiException Expired(string message) => new(new Status { Code = 410, Reason = "Expired", Message = message });

    public static ApiException TooLarge(string message) => new(new Status { Code = 413, Reason = "RequestEntityTooLarge", Message = message });

    /// <param name="message">What would be supported.</param>
    /// <param name="isGeneric">See <see cref="Status.IsGeneric"/>.</param>
    public static ApiException UnsupportedMediaType(string message, bool isGeneric = false) =>
        new(new Status { Code = 415, Reason = "UnsupportedMediaType", Message = message, IsGeneric = isGeneric });

    /// <param name="group">Group of the kind.</param>
    /// <param name="kind">The kind, <c>Pod</c>, not the resource.</param>
    /// <param name="name">Name of the object, empty where it has none yet.</param>
    /// <param name="errors">At least one error.</param>
    public static ApiException Invalid(string group, string kind, string name, FieldErrors errors)
    {
        // Upstream folds equal messages into one and lists the rest in brackets.
        var texts = errors.All.Select(e => e.ToString()).Distinct(StringComparer.Ordinal).ToList();
        var list = texts.Count == 1 ? texts[0] : $"[{string.Join(", ", texts)}]";
        var qualified = group.Length == 0 ? kind : $"{kind}.{group}";
        return new ApiException(new Status
        {
            Code = 422,
            Reason = "Invalid",
            Name = name,
            Group = group,
            Kind = kind,
            Causes = [.. errors.All.Select(e => new StatusCause(e.Reason, e.Detail, e.Field))],
            Message = $"{qualified} \"{name}\" is invalid: {list}",
        });
    }

    public static ApiException TooManyRequests(string message, int retryAfterSeconds) => new(new Status
    {
        Code = 429, Reason = "TooManyRequests", Message = message, RetryAfterSeconds = retryAfterSeconds,
    });

    public static ApiException InternalError(string message) => new(new Status
    {
        Code = 500, Reason = "InternalError", Message = $"Internal error occurred: {message}", Causes = [new StatusCause("", message, "")],
    });

    /// <summary>422 in the one sentence that upstream has for every patch that is well formed and does not fit the object.</summary>
    public static ApiException PatchDoesNotFit() => new(new Status
    {
        Code = 422, Reason = "Invalid", Message = "the server rejected our request due to an error in our request", IsGeneric = true,
    });

    public static ApiException ServiceUnavailable(string message) => new(new Status { Code = 503, Reason = "ServiceUnavailable", Message = message });

    /// <summary>The server gave up waiting; the write may or may not have happened.</summary>
    public static ApiException Timeout(string message, int retryAfterSeconds = 0) => new(new Status
    {
        Code = 504, Reason = "Timeout", Message = $"Timeout: {message}", RetryAfterSeconds = retryAfterSeconds,
    });
}
