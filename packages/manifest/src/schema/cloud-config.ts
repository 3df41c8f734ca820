import { z } from 'zod';
import { count } from './values.js';

const tagAttributes = z
  .strictObject({
    image_label: z.boolean().meta({ description: 'Put the tag on the image.', default: false, examples: [true] }),
    instance_label: z.boolean().meta({ description: 'Put the tag on the instance.', default: false, examples: [true] }),
    instance_network: z.boolean().meta({ description: 'Use the tag as a network tag.', default: false, examples: [true] }),
    instance_metadata: z.boolean().meta({ description: 'Put the tag into the metadata.', default: false, examples: [true] }),
  })
  .partial();

/** `CloudConfig`: where ops would upload and run an image (ops types/config.go:139-219). Nothing in it changes the image. */
export const cloudConfig = z
  .strictObject({
    BucketName: z.string().meta({ description: 'Bucket that holds the image.', examples: ['images'] }),
    BucketNamespace: z.string().meta({ description: 'Namespace of the bucket.', examples: ['team'] }),
    ConfidentialVM: z.boolean().meta({ description: 'Run as a confidential machine.', default: false, examples: [true] }),
    DedicatedHostID: z.string().meta({ description: 'Dedicated host to run on.', examples: ['h-1'] }),
    DomainName: z.string().meta({ description: 'Domain name of the instance.', examples: ['prover.example'] }),
    EnableIPv6: z.boolean().meta({ description: 'Give a new network IPv6.', default: false, examples: [true] }),
    Flavor: z.string().meta({ description: 'Kind of machine, e.g. `t2.micro`.', examples: ['t2.micro'] }),
    ImageName: z.string().meta({ description: 'Name of the image at the provider. The name inside the image is the program’s.', examples: ['my-prover'] }),
    ImageType: z.string().meta({ description: 'Format of the image at the provider.', examples: ['raw'] }),
    InstanceProfile: z.string().meta({ description: 'Role of the instance.', examples: ['prover'] }),
    KMS: z.string().meta({ description: 'Key that encrypts the image.', examples: ['alias/key'] }),
    Platform: z.string().meta({ description: 'Cloud provider.', examples: ['gcp'] }),
    ProjectID: z.string().meta({ description: 'Project at the provider.', examples: ['my-project'] }),
    RootVolume: z
      .strictObject({
        name: z.string().meta({ description: 'Name of the volume.', examples: ['root'] }),
        iops: count.meta({ description: 'Operations per second.', examples: [3000] }),
        size: count.meta({ description: 'Size in GiB.', examples: [10] }),
        throughput: count.meta({ description: 'Throughput in MiB per second.', examples: [125] }),
        typeof: z.string().meta({ description: 'Kind of volume.', examples: ['gp3'] }),
      })
      .partial()
      .meta({ description: 'Root volume of the instance.', examples: [{ size: 10 }] }),
    SecurityGroup: z.string().meta({ description: 'Security group of the instance.', examples: ['sg-1'] }),
    SkipImportVerify: z.boolean().meta({ description: 'Do not check the role that imports images.', default: false, examples: [true] }),
    Spot: z.boolean().meta({ description: 'Run as a spot instance.', default: false, examples: [true] }),
    StaticIP: z.string().meta({ description: 'Fixed address of the instance.', examples: ['203.0.113.7'] }),
    Subnet: z.string().meta({ description: 'Subnet of the instance.', examples: ['subnet-1'] }),
    Tags: z
      .array(
        z
          .strictObject({
            key: z.string().meta({ description: 'Key of the tag.', examples: ['team'] }),
            value: z.string().meta({ description: 'Value of the tag.', examples: ['provers'] }),
            attribute: tagAttributes.meta({ description: 'Where the tag goes.', examples: [{ image_label: true }] }),
          })
          .partial(),
      )
      .meta({ description: 'Tags of image and instance.', default: [], examples: [[{ key: 'team', value: 'provers' }]] }),
    UserData: z.string().meta({ description: 'Data for the instance’s first start.', examples: ['x'] }),
    VPC: z.string().meta({ description: 'Network of the instance.', examples: ['vpc-1'] }),
    Zone: z.string().meta({ description: 'Zone of the instance.', examples: ['us-west1-b'] }),
  })
  .partial();
