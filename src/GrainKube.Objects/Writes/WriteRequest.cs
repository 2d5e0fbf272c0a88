using GrainKube.ApiMachinery.Cel.Library;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Identity;
using GrainKube.Objects.Writes.Outside;

namespace GrainKube.Objects.Writes;

/// <summary>One write to one object, on its way to the object's grain. Authentication and authorization are done.</summary>
[GenerateSerializer, Immutable]
[Alias("GrainKube.WriteRequest")]
public sealed record WriteRequest
{
    [Id(0)] public required WriteVerb Verb { get; init; }

    /// <summary>Empty for the object itself; <c>status</c>, <c>scale</c> or a subresource of the definition.</summary>
    [Id(1)] public string Subresource { get; init; } = "";

    /// <summary>Group and version in which the body is and the answer shall be, for example <c>apps/v1</c>; empty means the storage version.</summary>
    [Id(2)] public string ApiVersion { get; init; } = "";

    /// <summary>UTF-8 JSON: the object, the patch, or empty for a delete. Not changed after this.</summary>
    [Id(3)] public byte[] Body { get; init; } = [];
    [Id(4)] public PatchType PatchType { get; init; }
    [Id(5)] public required UserInfo User { get; init; }
    [Id(6)] public string FieldManager { get; init; } = "";

    /// <summary>Server-side apply: take over fields of other managers.</summary>
    [Id(7)] public bool Force { get; init; }
    [Id(8)] public FieldValidation FieldValidation { get; init; } = FieldValidation.Ignore;
    [Id(9)] public bool DryRun { get; init; }
    [Id(10)] public Preconditions? Preconditions { get; init; }
    [Id(11)] public long? GracePeriodSeconds { get; init; }
    [Id(12)] public DeletePropagation Propagation { get; init; }
    [Id(13)] public WriterFence? Fence { get; init; }

    /// <summary>W3C traceparent of the request; null where nothing is recorded.</summary>
    [Id(14)] public string? TraceParent { get; init; }

    /// <summary>
    /// The uid that a created object shall have; null draws one. A create that is sent again because its answer was lost finds its own object by it and succeeds.
    /// </summary>
    [Id(15)] public string? Uid { get; init; }

    /// <summary>The answer where this update or apply would have to create the object, because the user may not; null where he may.</summary>
    [Id(16)] public Status? CreateRefused { get; init; }

    /// <summary>What outside admission has decided; null where nobody was asked. The write commits only on the revision that was shown.</summary>
    [Id(17)] public AdmittedWrite? Admitted { get; init; }

    /// <summary>What the text said twice that <see cref="Body"/> was made from (YAML), as one error in upstream's words; null where nothing was.</summary>
    [Id(20)] public string? DuplicateKeys { get; init; }

    /// <summary>Which options the client named itself.</summary>
    [Id(22)] public SentOptions Sent { get; init; }

    /// <summary>The client named no object: the name of what it creates was drawn for it, or it deletes a collection. Admission is shown no name that is not the client's.</summary>
    [Id(23)] public bool Unnamed { get; init; }

    /// <summary>A part of a request that admission has agreed to as a whole (an eviction): admission is not asked about the part.</summary>
    [Id(24)] public bool IsPart { get; init; }

    /// <summary>What the authorizers have answered to the questions of policies at which earlier tries of this write stopped.</summary>
    [Id(21)] public IReadOnlyList<AnsweredCheck> Answers { get; init; } = [];
}
