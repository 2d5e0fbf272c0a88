namespace GrainKube.ApiServer.Negotiation;

/// <summary>The form in which a client wants objects.</summary>
internal enum Shape
{
    Object,

    /// <summary><c>as=Table;g=meta.k8s.io;v=v1</c>.</summary>
    Table,

    /// <summary><c>as=PartialObjectMetadata</c>.</summary>
    PartialMetadata,

    /// <summary><c>as=PartialObjectMetadataList</c>.</summary>
    PartialMetadataList,
}
