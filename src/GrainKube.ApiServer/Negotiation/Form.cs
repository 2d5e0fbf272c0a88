namespace GrainKube.ApiServer.Negotiation;

/// <summary>The form in which a client wants objects.</summary>
internal enum Form
{
    Object,

    /// <summary><c>as=Table;g=meta.k8s.io</c>.</summary>
    Table,

    /// <summary><c>as=PartialObjectMetadata</c>.</summary>
    PartialMetadata,

    /// <summary><c>as=PartialObjectMetadataList</c>.</summary>
    PartialMetadataList,
}
